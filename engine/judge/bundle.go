// Package judge asks OPA, embedded, what is wrong with a target.
package judge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/loader"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/cache"
)

// Bundle is the policies, compiled once.
type Bundle struct {
	Catalogue []Rule
	query     rego.PreparedEvalQuery
}

// ErrExtra marks an error in a further folder of rules, which its author cures.
var ErrExtra = errors.New("in a further policy folder")

type extraError struct{ error }

func (extraError) Is(target error) bool { return target == ErrExtra }

type module struct {
	*ast.Module
	file string
}

// Load reads, checks and compiles the shipped policies and further folders of rules.
func Load(policies string, extra []string) (*Bundle, error) {
	shipped, data, err := read(policies)
	if err != nil {
		return nil, err
	}
	if len(shipped) == 0 {
		return nil, fmt.Errorf("%s holds no policies", policies)
	}
	modules := shipped
	for _, dir := range extra {
		own, ownData, err := read(dir)
		if err == nil {
			err = foreign(dir, modules, own, ownData)
		}
		if err != nil {
			return nil, extraError{err}
		}
		modules = append(modules, own...)
		maps.Copy(data, ownData)
	}
	bundle, err := compile(modules, data)
	if err != nil && len(extra) > 0 {
		if _, alone := compile(shipped, map[string]any{}); alone == nil {
			return nil, extraError{err}
		}
	}
	return bundle, err
}

// foreign refuses a further bundle that touches what is there, for it may only add, or that adds no rule.
func foreign(dir string, there, own []module, data map[string]any) error {
	for key := range data {
		if slices.Contains([]string{"main", "lib", "system", "rules"}, key) {
			return fmt.Errorf("a further policy folder must not hold data under %q", key)
		}
	}
	taken, ids := map[string]bool{}, map[string]string{}
	for _, one := range there {
		taken[one.Package.Path.String()] = true
		if _, id, ok := ruleOf(one.Module); ok {
			ids[id] = one.file
		}
	}
	for _, one := range own {
		path := one.Package.Path
		root, _ := path[1].Value.(ast.String)
		switch category, id, ok := ruleOf(one.Module); {
		case root == "main" || root == "lib" || root == "system":
			return fmt.Errorf("%s: package %s belongs to asky-gitops; a rule is package rules.<category>[\"<rule-id>\"]", one.file, one.Package.Path[1:])
		case root == "rules" && !ok:
			return fmt.Errorf("%s: a rule is package rules.<category>[\"<rule-id>\"]", one.file)
		case ok && ids[id] != "":
			return fmt.Errorf("%s: rule %q (%s) is already defined in %s", one.file, id, category, ids[id])
		case taken[path.String()]:
			return fmt.Errorf("%s: package %s is already defined", one.file, path[1:])
		}
	}
	rules := catalogue(own)
	if silent := slices.IndexFunc(rules, func(rule Rule) bool { return len(rule.Verbs) == 0 }); silent >= 0 {
		return fmt.Errorf("%s: rule %q has neither deny nor warn: it would find nothing", dir, rules[silent].ID)
	} else if len(rules) == 0 {
		return fmt.Errorf("%s holds no rule: a rule is package rules.<category>[\"<rule-id>\"]", dir)
	}
	return nil
}

// read parses the policies and data of a folder as `opa` does; tests, hidden folders and all other files are left out.
func read(dir string) (modules []module, data map[string]any, err error) {
	left := func(_ string, info fs.FileInfo, depth int) bool {
		name := info.Name()
		if info.IsDir() {
			return depth > 0 && strings.HasPrefix(name, ".")
		}
		return name != "data.json" && name != "data.yaml" && (!strings.HasSuffix(name, ".rego") || strings.HasSuffix(name, "_test.rego"))
	}
	// A path that is no URL may have a prefix that says where its data belongs.
	loaded, err := loader.NewFileLoader().WithProcessAnnotation(true).WithCapabilities(capabilities()).Filtered([]string{"file://" + dir}, left)
	if err != nil {
		return nil, nil, short(err)
	}
	for _, one := range loaded.Modules {
		modules = append(modules, module{one.Parsed, one.Parsed.Package.Location.File})
	}
	slices.SortFunc(modules, func(a, b module) int { return strings.Compare(a.file, b.file) })
	return modules, loaded.Documents, nil
}

// capabilities are OPA's own without the network and without a look at this process.
var capabilities = sync.OnceValue(func() *ast.Capabilities {
	allowed := ast.CapabilitiesForThisVersion()
	allowed.Builtins = slices.DeleteFunc(slices.Clone(allowed.Builtins), func(builtin *ast.Builtin) bool {
		return builtin.Name == "http.send" || builtin.Name == "opa.runtime" || strings.HasPrefix(builtin.Name, "net.lookup")
	})
	allowed.AllowNet = []string{}
	return allowed
})

func compile(modules []module, data map[string]any) (*Bundle, error) {
	byFile := make(map[string]*ast.Module, len(modules))
	for _, one := range modules {
		byFile[one.file] = one.Module
	}
	compiler := ast.NewCompiler().WithCapabilities(capabilities())
	if compiler.Compile(byFile); compiler.Failed() {
		return nil, short(compiler.Errors)
	}
	query, err := rego.New(rego.Compiler(compiler), rego.Store(inmem.NewFromObject(data)), rego.Query("data.main.report"),
		rego.StrictBuiltinErrors(true), rego.InterQueryBuiltinValueCache(patterns())).PrepareForEval(context.Background())
	if err != nil {
		return nil, err
	}
	return &Bundle{Catalogue: catalogue(modules), query: query}, nil
}

// patterns keeps the compiled regular expressions of all rules: OPA's own cache holds 100 and then drops any.
func patterns() cache.InterQueryValueCache {
	most := 10_000
	config := cache.Config{InterQueryBuiltinValueCache: cache.InterQueryBuiltinValueCacheConfig{MaxNumEntries: &most}}
	return cache.NewInterQueryValueCache(context.Background(), &config)
}

// short is one line: the first of many errors, which the others mostly follow from. It has no value of the input, which
// may be a secret: OPA quotes what a built-in could not read, and both of two conflicting values.
func short(err error) error {
	var list ast.Errors
	var files loader.Errors
	var failed *topdown.Error
	switch {
	case errors.As(err, &files) && len(files) > 0:
		return short(files[0])
	case errors.As(err, &list) && len(list) > 0:
		list.Sort()
		text := list[0].Message
		if at := list[0].Location; at != nil {
			text = fmt.Sprintf("%s:%d: %s", at.File, at.Row, text)
		}
		if len(list) > 1 {
			text = fmt.Sprintf("%s (and %d more)", text, len(list)-1)
		}
		return errors.New(text)
	case errors.As(err, &failed):
		text, _, _ := strings.Cut(failed.Message, "\n")
		if failed.Code == topdown.BuiltinErr {
			name, _, _ := strings.Cut(text, ":")
			text = name + " failed"
		}
		if at := failed.Location; at != nil {
			text = fmt.Sprintf("%s:%d: %s", at.File, at.Row, strings.TrimSuffix(text, ":"))
		}
		return errors.New(text)
	}
	return err
}
