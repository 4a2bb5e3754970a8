// Command controlplane runs etcd, the API server, the controllers, the scheduler and kwok's nodes on 127.0.0.1 until
// its standard input ends, then stops and wipes everything. Once all is ready it prints one JSON line: where things are.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"asky-gitops.dev/tests/cluster/operators"
	"asky-gitops.dev/tests/cluster/sandbox"
)

const startLimit = 10 * time.Minute

func main() {
	if len(os.Args) == 3 && os.Args[1] == sandbox.Name {
		os.Exit(sandbox.Main(os.Args[2]))
	}
	programs := flag.String("programs", "", "folder that build.sh filled")
	stages := flag.String("stages", "", "kwok's stages: what its nodes do with pods")
	crds := flag.String("crds", "", "CustomResourceDefinitions to install: files, with commas between")
	argocd := flag.Bool("argocd", false, "run Argo CD's controller and repository server as well")
	flag.Parse()
	if err := run(*programs, *stages, strings.Split(*crds, ","), *argocd); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// run brings the plane up, waits for the end of standard input, a signal or the death of a part, and takes it down.
func run(programs, stages string, crds []string, argocd bool) (err error) {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	go func() {
		// Whoever started us holds the other end: it closes when they end, however they end.
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	folder, err := os.MkdirTemp("", "asky-gitops-e2e-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	plane := &plane{folder: folder, stages: stages, processes: processes{
		bin: filepath.Join(programs, "bin"), logs: filepath.Join(folder, "logs"), died: make(chan string, 16),
	}}
	defer plane.stop()
	starting, stop := context.WithTimeout(ctx, startLimit)
	defer stop()
	if err := plane.start(starting, crds, argocd); err != nil {
		return err
	}
	options := operators.Options{Programs: programs, Folder: folder, DatabaseAddress: ownAddress()}
	if err := operators.Start(ctx, plane.admin, options); err != nil {
		return err
	}
	ready := map[string]string{"kubeconfig": plane.kubeconfig("admin"), "folder": folder, "logs": plane.logs, "database": options.DatabaseAddress}
	if err := json.NewEncoder(os.Stdout).Encode(ready); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case name := <-plane.died:
		return fmt.Errorf("%s died:\n%s", name, plane.tail(name, 20))
	}
}

// ownAddress is an address of this machine that nothing else is likely to use, so that the database has its usual port.
func ownAddress() string {
	return fmt.Sprintf("127.%d.%d.%d", 64+rand.IntN(64), rand.IntN(256), 1+rand.IntN(254))
}
