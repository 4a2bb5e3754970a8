package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

type fate string

const (
	killed     fate = "killed"
	survived   fate = "survived"
	uncompiled fate = "does not compile"
)

// mutant is one expression of one body, by its place in the order in which a walk meets them.
type mutant struct {
	file  string
	nth   int
	row   int
	text  string
	which int // of the expressions of this file that read alike, from 1
	fate  fate
}

func (m *mutant) String() string {
	if m.which > 1 {
		return fmt.Sprintf("%s:%d %s (which: %d)", m.file, m.row, m.text, m.which)
	}
	return fmt.Sprintf("%s:%d %s", m.file, m.row, m.text)
}

func enumerate(modules map[string]*ast.Module, prefixes []string) []*mutant {
	var mutants []*mutant
	for file, module := range modules {
		if strings.HasSuffix(file, "_test.rego") || !wanted(file, prefixes) {
			continue
		}
		n := 0
		eachExpression(module, func(body ast.Body, i int) ast.Body {
			location := body[i].Loc()
			line, _, _ := strings.Cut(string(location.Text), "\n")
			mutants = append(mutants, &mutant{file: file, nth: n, row: location.Row, text: line})
			n++
			return body
		})
	}
	slices.SortFunc(mutants, func(a, b *mutant) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.row, b.row), cmp.Compare(a.nth, b.nth))
	})
	alike := map[[2]string]int{}
	for _, one := range mutants {
		alike[[2]string{one.file, one.text}]++
		one.which = alike[[2]string{one.file, one.text}]
	}
	return mutants
}

func wanted(file string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(file, prefix) {
			return true
		}
	}
	return len(prefixes) == 0
}

// without returns a module that lacks the mutant's expression.
func (m *mutant) without(sources sources) (*ast.Module, error) {
	module, err := sources.module(m.file)
	if err != nil {
		return nil, err
	}
	n := 0
	eachExpression(module, func(body ast.Body, i int) ast.Body {
		n++
		if n-1 != m.nth {
			return body
		}
		var rest ast.Body
		for j, expression := range body {
			if j != i {
				rest.Append(expression)
			}
		}
		if len(rest) == 0 {
			rest = ast.NewBody(ast.NewExpr(ast.BooleanTerm(true)))
		}
		return rest
	})
	return module, nil
}

// eachExpression visits every expression somebody wrote: of rules and their else branches, comprehensions and every.
func eachExpression(module *ast.Module, visit func(body ast.Body, i int) ast.Body) {
	each := func(body *ast.Body) {
		for i, whole := 0, *body; i < len(whole); i++ {
			if text := whole[i].Loc(); text != nil && !isTrue(whole[i]) && !isDeclaration(whole[i]) {
				if changed := visit(whole, i); len(changed) != len(whole) || isTrue(changed[0]) {
					*body = changed
				}
			}
		}
	}
	ast.NewGenericVisitor(func(node any) bool {
		switch node := node.(type) {
		case *ast.Rule:
			each(&node.Body)
		case *ast.ArrayComprehension:
			each(&node.Body)
		case *ast.SetComprehension:
			each(&node.Body)
		case *ast.ObjectComprehension:
			each(&node.Body)
		case *ast.Every:
			each(&node.Body)
		}
		return false
	}).Walk(module)
}

// `some a, b` asks nothing: without it the names are what they were.
func isDeclaration(expression *ast.Expr) bool {
	declared, ok := expression.Terms.(*ast.SomeDecl)
	return ok && !slices.ContainsFunc(declared.Symbols, func(term *ast.Term) bool {
		_, isName := term.Value.(ast.Var)
		return !isName
	})
}

// The body of a rule that has none is `true`.
func isTrue(expression *ast.Expr) bool {
	term, ok := expression.Terms.(*ast.Term)
	return ok && term.Equal(ast.BooleanTerm(true))
}
