package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"asky-gitops.dev/engine/render"
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
}

// engine answers the requests of one connection, one after the other.
type engine struct {
	out  *bufio.Writer
	lock sync.Mutex
}

func newEngine(out io.Writer) *engine { return &engine{out: bufio.NewWriterSize(out, 64<<10)} }

// serve answers until its input ends.
func (e *engine) serve(input io.Reader) error {
	reader := bufio.NewReaderSize(input, 64<<10)
	for {
		line, err := readLine(reader)
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errTooLong) {
			return err
		}
		var asked request
		problem := err
		if problem == nil || errors.Is(err, io.EOF) {
			problem = json.Unmarshal(line, &asked)
		}
		id := asked.ID
		if id == "" {
			id = "0"
		}
		if problem != nil {
			err = e.send(id, "error", map[string]any{"code": "bad-request", "message": problem.Error()})
		} else {
			err = e.answer(asked)
		}
		if err != nil {
			return err
		}
		if err := e.send(id, "done", nil); err != nil {
			return err
		}
	}
}

var errTooLong = fmt.Errorf("the request is longer than %d MiB", maxRequest>>20)

func readLine(reader *bufio.Reader) ([]byte, error) {
	var line []byte
	for tooLong := false; ; {
		part, err := reader.ReadSlice('\n')
		if tooLong = tooLong || len(line)+len(part) > maxRequest; !tooLong {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err == nil && tooLong {
			err = errTooLong
		}
		return line, err
	}
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
		return e.send(asked.ID, "hello", map[string]any{"protocol": protocolVersion, "source": sourceHash,
			"versions": map[string]string{"engine": engineVersion, "kustomize": kustomizeVersion, "opa": opa.Version, "go": runtime.Version()}})
	}
	refuse := func(message string) error {
		return e.send(asked.ID, "error", map[string]any{"code": "bad-request", "message": message})
	}
	files, err := source.Open(asked.Root)
	if err != nil {
		return refuse(err.Error())
	}
	switch asked.Op {
	case "build":
		return e.build(asked, files)
	}
	return refuse(fmt.Sprintf("unknown op %q", asked.Op))
}

// targetReply is what one target answers, see docs/protocol.md.
type targetReply struct {
	ID           json.Number      `json:"id"`
	Type         string           `json:"type"`
	Name         string           `json:"name"`
	Objects      int              `json:"objects"`
	Rules        int              `json:"rules"`
	Closure      []string         `json:"closure"`
	UnknownKinds []string         `json:"unknownKinds"`
	Unjudged     []source.Skipped `json:"unjudged"`
	Error        *source.Error    `json:"error"`
	YAML         *string          `json:"yaml,omitempty"`
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
		reply := replyTo(target, built)
		reply.YAML = &built.YAML
		return reply
	}
	return e.each(asked, work)
}

func (e *engine) each(asked request, work func(context.Context, render.Target) *targetReply) error {
	var broken error
	render.Each(asked.Targets, work, failedReply, func(reply *targetReply) {
		if broken == nil {
			reply.ID, reply.Type = asked.ID, "target"
			broken = e.write(reply)
		}
	})
	return broken
}
