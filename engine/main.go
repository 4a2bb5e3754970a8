// Command asky-gitops-engine builds, judges and locates for asky-gitops; docs/protocol.md is its contract.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"runtime/debug"

	"asky-gitops.dev/engine/render"
)

// sourceHash is the hash of the sources this program was built from, see docs/protocol.md; the build sets it.
var sourceHash = "unknown"

func main() {
	// Memory that is never touched makes the first collections later than most runs take.
	ballast := make([]byte, 64<<20)
	defer runtime.KeepAlive(ballast)
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(2 << 30)
	render.Seal()
	log.SetOutput(io.Discard)
	// kustomize warns on standard error; the runtime's own crash text does not go through this variable.
	stderr := os.Stderr
	if quiet, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = quiet
	}
	run := func() error { return newEngine(os.Stdout).serve(os.Stdin) }
	if len(os.Args) > 1 && os.Args[1] == render.ChildFlag {
		run = render.Child
	}
	if err := run(); err != nil {
		fmt.Fprintln(stderr, "asky-gitops-engine:", err)
		os.Exit(3)
	}
}
