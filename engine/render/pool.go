package render

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"

	"asky-gitops.dev/engine/source"
	"sigs.k8s.io/kustomize/kyaml/openapi"
)

// DefaultTimeout is what a target may take when its request does not say.
const DefaultTimeout = 60 * time.Second

// Warm parses the schemas that patches are merged by. kustomize does it at first need, into maps that it then reads
// without a lock, so that no build may run beside it.
var Warm = sync.OnceFunc(func() { openapi.Schema() })

// Each runs work for every target, as many at a time as there are processors, and calls done as each ends; done is
// never called concurrently. A panic and a target that takes too long become that target's error: kustomize cannot be
// stopped, so its goroutine is left behind.
func Each[T any](targets []Target, work func(context.Context, Target) T, failed func(Target, *source.Error) T, done func(T)) {
	Warm()
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	ended := make(chan T)
	for _, target := range targets {
		go func() {
			slots <- struct{}{}
			answer := bounded(target, work, failed)
			<-slots
			ended <- answer
		}()
	}
	for range targets {
		done(<-ended)
	}
}

func bounded[T any](target Target, work func(context.Context, Target) T, failed func(Target, *source.Error) T) T {
	limit := DefaultTimeout
	if target.TimeoutSeconds > 0 {
		limit = time.Duration(target.TimeoutSeconds * float64(time.Second))
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	answer := make(chan T, 1)
	go func() {
		defer func() {
			if cause := recover(); cause != nil {
				answer <- failed(target, &source.Error{Code: "panic", Message: fmt.Sprintf("the engine panicked: %v at %s", cause, frame()), Exit: 3})
			}
		}()
		answer <- work(ctx, target)
	}()
	memory := time.NewTicker(50 * time.Millisecond)
	defer memory.Stop()
	for {
		select {
		case result := <-answer:
			return result
		case <-ctx.Done():
			return failed(target, &source.Error{Code: "timeout", Message: fmt.Sprintf("not done after %s", limit), Exit: 3})
		case <-memory.C:
			if inUse() > MemoryLimit {
				Exhausted.Store(true)
				return failed(target, &source.Error{Code: "memory", Message: fmt.Sprintf("needs more than %d MiB of memory, alone or with its neighbours", MemoryLimit>>20), Exit: 3})
			}
		}
	}
}

// MemoryLimit is how many bytes of live and dead objects the program may hold.
var MemoryLimit uint64 = 3 << 30

// Exhausted says that a target was left behind that takes more memory than there is: the program must end.
var Exhausted atomic.Bool

func inUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// frame names the function that panicked.
func frame() string {
	for _, line := range bytes.Split(debug.Stack(), []byte("\n"))[1:] {
		text := string(bytes.TrimSpace(line))
		if bytes.HasPrefix(line, []byte("\t")) || bytes.HasPrefix(line, []byte("runtime")) || bytes.HasPrefix(line, []byte("panic")) {
			continue
		}
		if !bytes.Contains(line, []byte("render.frame")) && !bytes.Contains(line, []byte("render.bounded")) {
			return text
		}
	}
	return "an unknown place"
}

// ChildFlag is the argument that makes the program build the one target on its standard input and end.
const ChildFlag = "--build-one"

var isChild bool

type errand struct {
	Root   string
	Target Target
}

// inChild builds in a process of its own: kustomize keeps the schemas a kustomization's `openapi:` sets in global state.
func inChild(files *source.Files, target Target, result *Result) *Result {
	fail := func(err error) *Result {
		result.Error = &source.Error{Code: "panic", Message: "the build's own process failed: " + err.Error(), Exit: 3}
		return result
	}
	program, err := os.Executable()
	if err != nil {
		return fail(err)
	}
	request, err := json.Marshal(errand{files.Root, target})
	if err != nil {
		return fail(err)
	}
	limit := DefaultTimeout
	if target.TimeoutSeconds > 0 {
		limit = time.Duration(target.TimeoutSeconds * float64(time.Second))
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	command := exec.CommandContext(ctx, program, ChildFlag)
	command.Stdin = bytes.NewReader(request)
	reply, err := command.Output()
	if err != nil {
		return fail(err)
	}
	graph := result.Graph
	decoder := json.NewDecoder(bytes.NewReader(reply))
	decoder.UseNumber()
	if err := decoder.Decode(result); err != nil {
		return fail(err)
	}
	result.Graph = graph
	return result
}

// Child does the errand on standard input and writes the result to standard output.
func Child() error {
	isChild = true
	Seal()
	var job errand
	if err := json.NewDecoder(os.Stdin).Decode(&job); err != nil {
		return err
	}
	files, err := source.Open(job.Root)
	if err != nil {
		return err
	}
	result := Build(files, job.Target, true)
	if result.Error == nil {
		_ = Trace(files, job.Target, result)
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}
