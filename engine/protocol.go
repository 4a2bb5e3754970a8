package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"asky-gitops.dev/engine/judge"
	"asky-gitops.dev/engine/render"
	"asky-gitops.dev/engine/schema"
	"asky-gitops.dev/engine/source"
	opa "github.com/open-policy-agent/opa/v1/version"
)

const (
	protocolVersion  = 1
	engineVersion    = "1"
	kustomizeVersion = "v5.8.1"
	maxRequest       = 64 << 20
)

type request struct {
	ID      json.Number     `json:"id"`
	Op      string          `json:"op"`
	Root    string          `json:"root"`
	Path    string          `json:"path"`
	Targets []render.Target `json:"targets"`
	// Policies is the folder of the shipped bundle, Extra are folders of further rules.
	Policies string   `json:"policies"`
	Extra    []string `json:"extra"`
	Config   any      `json:"config"`
	Input    bool     `json:"input"`
	// Schemas is nil when objects are not to be validated.
	Schemas *schema.Config `json:"schemas"`
	// Target and Findings are those to locate.
	Target   string           `json:"target"`
	Findings []source.Finding `json:"findings"`
	// Resource and Field are what to trace.
	Resource *source.Resource `json:"resource"`
	Field    []any            `json:"field"`
}

// judged is what a target was built from, kept so that findings from elsewhere and fields can be located.
type judged struct {
	target render.Target
	files  *source.Files
	built  *render.Result
}

// engine answers the requests of one connection, one after the other.
type engine struct {
	out   *bufio.Writer
	lock  sync.Mutex
	known map[string]judged
}

func newEngine(out io.Writer) *engine {
	return &engine{out: bufio.NewWriterSize(out, 64<<10), known: map[string]judged{}}
}

// serve answers until its input ends, or a request is too long to be read.
func (e *engine) serve(input io.Reader) error {
	scanner := bufio.NewScanner(input)
	scanner.Buffer(nil, maxRequest)
	for scanner.Scan() {
		asked := request{ID: "0"}
		decoder := json.NewDecoder(bytes.NewReader(scanner.Bytes()))
		decoder.UseNumber()
		err := decoder.Decode(&asked)
		if err != nil {
			err = e.refuse("0", "the request is not a JSON object")
		} else {
			err = e.answer(asked)
		}
		if err == nil {
			err = e.send(asked.ID, "done", nil)
		}
		if err == nil && render.Exhausted.Load() {
			err = errors.New("out of memory")
		}
		if err != nil {
			return err
		}
	}
	if errors.Is(scanner.Err(), bufio.ErrTooLong) {
		return errors.Join(e.refuse("0", fmt.Sprintf("the request is longer than %d MiB", maxRequest>>20)), e.send("0", "done", nil))
	}
	return scanner.Err()
}

func (e *engine) refuse(id json.Number, message string) error {
	return e.send(id, "error", map[string]any{"code": "bad-request", "message": message})
}

// send writes one reply made of fields.
func (e *engine) send(id json.Number, kind string, fields map[string]any) error {
	reply := map[string]any{"id": id, "type": kind}
	for name, value := range fields {
		reply[name] = value
	}
	return e.write(reply)
}

func (e *engine) write(reply any) error {
	e.lock.Lock()
	defer e.lock.Unlock()
	encoder := json.NewEncoder(e.out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(reply); err != nil {
		return err
	}
	return e.out.Flush()
}

func (e *engine) answer(asked request) error {
	if asked.Op == "hello" {
		defer func() { go render.Warm() }()
		return e.send(asked.ID, "hello", map[string]any{"protocol": protocolVersion, "source": sourceHash,
			"versions": map[string]string{"engine": engineVersion, "kustomize": kustomizeVersion, "opa": opa.Version, "go": runtime.Version()}})
	}
	switch asked.Op {
	case "locate", "trace":
		known, ok := e.known[asked.Target]
		if !ok {
			return e.refuse(asked.ID, fmt.Sprintf("target %q was not built before", asked.Target))
		}
		if asked.Op == "trace" {
			return e.send(asked.ID, "traced", map[string]any{"layers": source.OrEmpty(locatorOf(known).Trace(asked.Resource, asked.Field))})
		}
		locate(known, asked.Findings)
		return e.send(asked.ID, "located", map[string]any{"findings": source.OrEmpty(asked.Findings)})
	case "catalogue":
		bundle, err := judge.Load(asked.Policies, asked.Extra)
		return e.catalogue(asked.ID, bundle, err)
	}
	files, err := source.Open(asked.Root)
	if err != nil {
		return e.refuse(asked.ID, err.Error())
	}
	switch asked.Op {
	case "discover":
		found, skipped, err := files.Discover(asked.Path)
		return e.send(asked.ID, "discovered", map[string]any{"targets": source.OrEmpty(found), "unjudged": source.OrEmpty(skipped), "error": render.Explain(files, err)})
	case "build":
		return e.build(asked, files)
	case "judge":
		return e.judge(asked, files)
	}
	return e.refuse(asked.ID, fmt.Sprintf("unknown op %q", asked.Op))
}

// targetReply is what one target answers, see docs/protocol.md.
type targetReply struct {
	ID           json.Number       `json:"id"`
	Type         string            `json:"type"`
	Name         string            `json:"name"`
	Objects      int               `json:"objects"`
	Rules        int               `json:"rules"`
	Closure      []string          `json:"closure"`
	UnknownKinds []string          `json:"unknownKinds"`
	Unjudged     []source.Skipped  `json:"unjudged"`
	Error        *source.Error     `json:"error"`
	YAML         *string           `json:"yaml,omitempty"`
	Findings     *[]source.Finding `json:"findings,omitempty"`
	Input        *judge.Input      `json:"input,omitempty"`
}

func failedReply(target render.Target, err *source.Error) *targetReply {
	return &targetReply{Name: target.Name, Closure: []string{}, UnknownKinds: []string{}, Unjudged: []source.Skipped{}, Error: err}
}

func replyTo(target render.Target, built *render.Result) *targetReply {
	reply := failedReply(target, built.Error)
	reply.Objects = len(built.Objects)
	reply.Closure = append(reply.Closure, built.Closure...)
	reply.Unjudged = append(reply.Unjudged, built.Unjudged...)
	return reply
}

func (e *engine) build(asked request, files *source.Files) error {
	work := func(_ context.Context, target render.Target) *targetReply {
		built := render.Build(files, target, true)
		e.remember(judged{target, files, built})
		reply := replyTo(target, built)
		reply.YAML = &built.YAML
		if asked.Input {
			input := inputOf(target, built, files, nil)
			reply.Input = &input
		}
		return reply
	}
	return e.each(asked, func() error { return nil }, work)
}

func (e *engine) catalogue(id json.Number, bundle *judge.Bundle, err error) error {
	rules := []judge.Rule{}
	if err == nil {
		rules = bundle.Catalogue
	}
	return e.send(id, "catalogue", map[string]any{"rules": rules, "error": policyError(err)})
}

func policyError(err error) *source.Error {
	if err == nil {
		return nil
	}
	known := &source.Error{Code: "policy-failed", Message: err.Error(), Exit: 3}
	if errors.Is(err, judge.ErrExtra) {
		known.Exit = 2
	}
	return known
}

func (e *engine) judge(asked request, files *source.Files) error {
	bundled := sync.OnceValues(func() (*judge.Bundle, error) { return judge.Load(asked.Policies, asked.Extra) })
	go func() { _, _ = bundled() }()
	schemas := &schema.Set{}
	if asked.Schemas != nil {
		var err error
		if schemas, err = schema.Open(*asked.Schemas); err != nil {
			return e.refuse(asked.ID, err.Error())
		}
		go schemas.Warm()
	}
	announce := sync.OnceValue(func() error {
		bundle, err := bundled()
		return e.catalogue(asked.ID, bundle, err)
	})
	return e.each(asked, announce, func(ctx context.Context, target render.Target) *targetReply {
		built := render.Build(files, target, false)
		reply := replyTo(target, built)
		if built.Error != nil {
			return reply
		}
		bundle, err := bundled()
		if err != nil {
			reply.Error = policyError(err)
			return reply
		}
		found, unknown, err := schemas.Check(built.Objects)
		if err != nil {
			reply.Error = &source.Error{Code: "schema-failed", Message: err.Error(), Exit: 3}
			return reply
		}
		reply.UnknownKinds = source.OrEmpty(unknown)
		input := inputOf(target, built, files, asked.Config)
		if asked.Input {
			e.remember(judged{target, files, built})
			reply.Input = &input
		} else {
			var refused []source.Finding
			refused, err = bundle.Eval(ctx, input)
			found = append(found, refused...)
		}
		if reply.Error = policyError(err); err == nil {
			if len(found) > 0 {
				locate(judged{target, files, built}, found)
			}
			found = source.OrEmpty(found)
			reply.Rules, reply.Findings = len(bundle.Catalogue), &found
		}
		return reply
	})
}

func (e *engine) remember(known judged) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.known[known.target.Name] = known
}

// locate gives findings their places; what cannot be placed stays without.
func locate(known judged, found []source.Finding) {
	for i, by := 0, locatorOf(known); i < len(found); i++ {
		by.Place(&found[i])
	}
}

func locatorOf(known judged) *source.Locator {
	if known.built.Graph != nil {
		_ = render.Trace(known.files, known.target, known.built)
	}
	return &source.Locator{Files: known.files, Graph: known.built.Graph, Objects: known.built.Objects}
}

func inputOf(target render.Target, built *render.Result, files *source.Files, config any) judge.Input {
	input := judge.Input{Overlay: target.Name, Items: []any{}, Sources: []source.Source{}, Config: config}
	if config == nil {
		input.Config = map[string]any{}
	}
	for _, object := range built.Objects {
		input.Items = append(input.Items, object.Value)
	}
	for _, file := range built.Texts {
		input.Sources = append(input.Sources, file.Sources("manifest")...)
	}
	if built.Graph != nil {
		input.Sources = append(input.Sources, built.Graph.Sources(files)...)
	}
	return input
}

// each answers with one reply a target, after announce.
func (e *engine) each(asked request, announce func() error, work func(context.Context, render.Target) *targetReply) error {
	var broken error
	render.Each(asked.Targets, work, failedReply, func(reply *targetReply) {
		if broken = errors.Join(broken, announce()); broken == nil {
			reply.ID, reply.Type = asked.ID, "target"
			broken = e.write(reply)
		}
	})
	return errors.Join(broken, announce())
}
