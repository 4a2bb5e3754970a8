// promrules reads a file of Prometheus' rules on standard input as Prometheus itself does (groups, expressions, durations,
// templates) and prints for each alert the metrics it asks for, as JSON. What Prometheus would refuse ends it with status 1.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		fail(err)
	}
	reader := parser.NewParser(parser.Options{})
	groups, errs := rulefmt.Parse(text, false, model.UTF8Validation, reader, slog.New(slog.DiscardHandler))
	if len(errs) > 0 {
		fail(errs...)
	}
	metrics := map[string][]string{}
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			expression, err := reader.ParseExpr(rule.Expr)
			if err != nil {
				fail(err)
			}
			parser.Inspect(expression, func(node parser.Node, _ []parser.Node) error {
				if selector, ok := node.(*parser.VectorSelector); ok {
					metrics[rule.Alert] = append(metrics[rule.Alert], selector.Name)
				}
				return nil
			})
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(metrics); err != nil {
		fail(err)
	}
}

func fail(errs ...error) {
	for _, err := range errs {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(1)
}
