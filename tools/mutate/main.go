// Command mutate deletes each expression of each body of the policies in turn and asks whether a case of the corpus or a
// test of the policies notices. What nobody notices is either not needed or not tested.
//
// Usage: mutate POLICIES QUESTIONS.json [PREFIX…]     PREFIX: a path below POLICIES, such as lib/graph
//
// It leaves with 1 when a reason is given for what is noticed or gone.
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
		fmt.Fprintln(os.Stderr, "usage: mutate POLICIES QUESTIONS.json [PREFIX…]")
		os.Exit(2)
	}
	stale, err := run(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(3)
	}
	if stale > 0 {
		os.Exit(1)
	}
}

func run(root, questions string, prefixes []string) (stale int, err error) {
	sources, err := load(root)
	if err != nil {
		return 0, err
	}
	modules, err := sources.parse()
	if err != nil {
		return 0, err
	}
	checks, reasons, err := readQuestions(questions, modules)
	if err != nil {
		return 0, err
	}
	if err := record(checks, modules); err != nil {
		return 0, err
	}
	// The quick ones first: most mutants are noticed by the first question that their row takes part in.
	slices.SortFunc(checks, func(a, b *check) int { return int(a.took - b.took) })
	mutants := enumerate(modules, prefixes)
	judgeAll(mutants, sources, modules, checks)
	report(os.Stdout, mutants, modules, reasons)
	return reasons.stale(os.Stdout, mutants, prefixes), nil
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
					fmt.Fprintln(os.Stderr, "survived", one)
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

func readQuestions(file string, modules map[string]*ast.Module) ([]*check, reasons, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	var given struct {
		Cases []struct {
			Name   string
			Folder string
			Query  string
			Input  any
		}
		Survivors []entry
	}
	if err := json.Unmarshal(text, &given); err != nil {
		return nil, nil, err
	}
	checks := testsOf(modules)
	for _, one := range given.Cases {
		input, err := ast.InterfaceToValue(one.Input)
		if err != nil {
			return nil, nil, err
		}
		checks = append(checks, &check{name: one.Name, folder: one.Folder, query: one.Query, input: input})
	}
	return checks, reasonsOf(given.Survivors), nil
}
