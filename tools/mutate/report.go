package main

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

type count struct{ killed, survived, uncompiled int }

func (c *count) add(of fate) {
	switch of {
	case killed:
		c.killed++
	case survived:
		c.survived++
	case uncompiled:
		c.uncompiled++
	}
}

func (c *count) share() float64 {
	if c.killed+c.survived == 0 {
		return 100
	}
	return 100 * float64(c.killed) / float64(c.killed+c.survived)
}

// report writes the survivors, why those that are kept stay, and a table: a line a package, and for a rule one with the
// libraries it uses.
func report(to io.Writer, mutants []*mutant, modules map[string]*ast.Module, reasons reasons) {
	byPackage, all := map[string]*count{}, &count{}
	for _, one := range mutants {
		folder := path.Dir(one.file)
		if byPackage[folder] == nil {
			byPackage[folder] = &count{}
		}
		byPackage[folder].add(one.fate)
		all.add(one.fate)
		if one.fate != survived {
			continue
		}
		if reason, ok := reasons[kept{one.file, one.text, one.which}]; ok {
			fmt.Fprintf(to, "kept %s\n    %s\n", one, reason)
		} else {
			fmt.Fprintf(to, "survived %s\n", one)
		}
	}
	uses := imports(modules)
	for _, folder := range slices.Sorted(keys(byPackage)) {
		line(to, folder, byPackage[folder])
		if strings.HasPrefix(folder, "rules/") {
			together := &count{}
			for used := range reachable(folder, uses) {
				if one := byPackage[used]; one != nil {
					together.killed, together.survived = together.killed+one.killed, together.survived+one.survived
					together.uncompiled += one.uncompiled
				}
			}
			line(to, folder+" with its libraries", together)
		}
	}
	line(to, "all", all)
}

func line(to io.Writer, name string, of *count) {
	fmt.Fprintf(to, "%6.2f %%  %5d killed %4d survived %4d do not compile  %s\n",
		of.share(), of.killed, of.survived, of.uncompiled, name)
}

// imports returns which folders the modules of a folder import.
func imports(modules map[string]*ast.Module) map[string]map[string]bool {
	uses := map[string]map[string]bool{}
	for file, module := range modules {
		folder := path.Dir(file)
		if uses[folder] == nil {
			uses[folder] = map[string]bool{}
		}
		for _, one := range module.Imports {
			used := strings.ReplaceAll(strings.TrimPrefix(one.Path.String(), "data."), ".", "/")
			uses[folder][used] = true
		}
	}
	// The report gathers the rules without naming them.
	for folder := range uses {
		if strings.HasPrefix(folder, "rules/") {
			uses["main"][folder] = true
		}
	}
	return uses
}

func reachable(from string, uses map[string]map[string]bool) map[string]bool {
	found, next := map[string]bool{}, []string{from}
	for len(next) > 0 {
		folder := next[0]
		next = next[1:]
		if !found[folder] {
			found[folder] = true
			for used := range uses[folder] {
				next = append(next, used)
			}
		}
	}
	return found
}

func keys(of map[string]*count) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range of {
			if !yield(key) {
				return
			}
		}
	}
}
