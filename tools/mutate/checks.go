package main

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// check is a case of the corpus or a test of the policies: a question and the answer that the policies give to it.
type check struct {
	name   string
	folder string
	query  string
	input  ast.Value
	answer string
	rows   trace
	took   time.Duration
}

// patience is far more than any question takes; a mutant that needs longer has been noticed.
const patience = 3 * time.Minute

func testsOf(modules map[string]*ast.Module) []*check {
	var tests []*check
	for file, module := range modules {
		for _, rule := range module.Rules {
			if name := string(rule.Head.Name); strings.HasPrefix(name, "test_") {
				query := fmt.Sprintf("answer := %s.%s", module.Package.Path, name)
				tests = append(tests, &check{name: name, folder: path.Dir(file), query: query})
			}
		}
	}
	return tests
}

// record asks every question of the policies as they are, and notes which rows took part in the answer.
func record(checks []*check, modules map[string]*ast.Module) error {
	compiler := ast.NewCompiler()
	if compiler.Compile(modules); compiler.Failed() {
		return compiler.Errors
	}
	questions := prepared{compiler: compiler}
	for _, one := range checks {
		rows, start := trace{}, time.Now()
		answer, err := questions.ask(one, rego.EvalQueryTracer(rows))
		one.took = time.Since(start)
		if err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		one.answer, one.rows = answer, rows
	}
	return nil
}

// place is a row of a file.
type place struct {
	file string
	row  int
}

// trace notes where expressions are evaluated.
type trace map[place]bool

func (trace) Enabled() bool { return true }

func (trace) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

func (t trace) TraceEvent(event topdown.Event) {
	if event.Op == topdown.EvalOp && event.Location != nil {
		t[place{event.Location.File, event.Location.Row}] = true
	}
}

// judge asks the file's own folder first, which needs the fewest modules: only what the questions need is compiled.
func judge(one *mutant, sources sources, modules map[string]*ast.Module, checks []*check) fate {
	var near, far []*check
	for _, question := range checks {
		if question.folder == path.Dir(one.file) {
			near = append(near, question)
		} else {
			far = append(far, question)
		}
	}
	for _, some := range [][]*check{near, far} {
		concerned, needed := concern(one.file, modules, some)
		if len(concerned) == 0 {
			continue
		}
		module, err := one.without(sources)
		if err != nil {
			return uncompiled
		}
		needed[one.file] = module
		compiler := ast.NewCompiler()
		if compiler.Compile(needed); compiler.Failed() {
			return uncompiled
		}
		if isNoticed(one, concerned, compiler) {
			return killed
		}
	}
	return survived
}

// isNoticed asks first where the row took part before; an index may also hide it until the expression is gone.
func isNoticed(one *mutant, concerned []*check, compiler *ast.Compiler) bool {
	questions := prepared{compiler: compiler}
	for _, covering := range []bool{true, false} {
		for _, question := range concerned {
			if question.rows[place{one.file, one.row}] != covering {
				continue
			}
			if answer, err := questions.ask(question); err != nil || answer != question.answer {
				return true
			}
		}
	}
	return false
}

// concern returns the questions that a file has a part in, and the modules that they need.
func concern(file string, modules map[string]*ast.Module, checks []*check) ([]*check, map[string]*ast.Module) {
	uses := imports(modules)
	folders := map[string]map[string]bool{}
	var concerned []*check
	needed := map[string]*ast.Module{}
	for _, one := range checks {
		if folders[one.folder] == nil {
			folders[one.folder] = reachable(one.folder, uses)
		}
		if folders[one.folder][path.Dir(file)] {
			concerned = append(concerned, one)
		}
	}
	for name, module := range modules {
		for _, one := range concerned {
			if folders[one.folder][path.Dir(name)] {
				needed[name] = module
				break
			}
		}
	}
	return concerned, needed
}

// prepared keeps the compiled queries of one compiler.
type prepared struct {
	compiler *ast.Compiler
	queries  map[string]rego.PreparedEvalQuery
}

func (p *prepared) ask(question *check, options ...rego.EvalOption) (string, error) {
	within, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	query, ok := p.queries[question.query]
	if !ok {
		var err error
		query, err = rego.New(rego.Query(question.query), rego.Compiler(p.compiler), rego.StrictBuiltinErrors(true)).
			PrepareForEval(within)
		if err != nil {
			return "", err
		}
		if p.queries == nil {
			p.queries = map[string]rego.PreparedEvalQuery{}
		}
		p.queries[question.query] = query
	}
	if question.input != nil {
		options = append(options, rego.EvalParsedInput(question.input))
	}
	results, err := query.Eval(within, options...)
	if err != nil || len(results) == 0 {
		return "undefined", err
	}
	return fmt.Sprint(results[0].Bindings["answer"]), nil
}
