// Command mutate deletes each expression of each body of the policies in turn and asks whether a case of the corpus or a
// test of the policies notices. What nobody notices is either not needed or not tested.
//
// Usage: mutate POLICIES CORPUS.json [PREFIX…]     PREFIX: a path below POLICIES, such as lib/graph
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: mutate POLICIES CORPUS.json [PREFIX…]")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(3)
	}
}

func run(root, corpus string, prefixes []string) error {
	sources, err := load(root)
	if err != nil {
		return err
	}
	modules, err := sources.parse()
	if err != nil {
		return err
	}
	checks, err := readChecks(corpus, modules)
	if err != nil {
		return err
	}
	if err := record(checks, modules); err != nil {
		return err
	}
	// The quick ones first: most mutants are noticed by the first question that their row takes part in.
	slices.SortFunc(checks, func(a, b *check) int { return int(a.took - b.took) })
	mutants := enumerate(modules, prefixes)
	judgeAll(mutants, sources, modules, checks)
	return report(os.Stdout, mutants, modules)
}

// sources are the policies' texts by their path below the root.
type sources map[string]string

func load(root string) (sources, error) {
	found := sources{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".rego") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		found[filepath.ToSlash(name)] = string(text)
		return err
	})
	return found, err
}

func (s sources) parse() (map[string]*ast.Module, error) {
	modules := map[string]*ast.Module{}
	for name := range s {
		module, err := s.module(name)
		if err != nil {
			return nil, err
		}
		modules[name] = module
	}
	return modules, nil
}

func (s sources) module(name string) (*ast.Module, error) {
	return ast.ParseModuleWithOpts(name, s[name], ast.ParserOptions{RegoVersion: ast.RegoV1})
}

// judgeAll fills in the fate of every mutant, on every processor.
func judgeAll(mutants []*mutant, sources sources, modules map[string]*ast.Module, checks []*check) {
	queue := make(chan *mutant)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for one := range queue {
				if one.fate = judge(one, sources, modules, checks); one.fate == survived {
					fmt.Fprintf(os.Stderr, "survived %s:%d %s\n", one.file, one.row, one.text)
				}
			}
		})
	}
	for i, one := range mutants {
		if i%100 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d\n", i, len(mutants))
		}
		queue <- one
	}
	close(queue)
	workers.Wait()
}

func readChecks(corpus string, modules map[string]*ast.Module) ([]*check, error) {
	text, err := os.ReadFile(corpus)
	if err != nil {
		return nil, err
	}
	var cases []struct {
		Name   string
		Folder string
		Query  string
		Input  any
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		return nil, err
	}
	checks := testsOf(modules)
	for _, one := range cases {
		input, err := ast.InterfaceToValue(one.Input)
		if err != nil {
			return nil, err
		}
		checks = append(checks, &check{name: one.Name, folder: one.Folder, query: one.Query, input: input})
	}
	return checks, nil
}
