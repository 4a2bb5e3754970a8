package judge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"asky-gitops.dev/engine/source"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// Input is what the policies see of one target, see docs/protocol.md.
type Input struct {
	Overlay string          `json:"overlay"`
	Items   []any           `json:"items"`
	Sources []source.Source `json:"sources"`
	Config  any             `json:"config"`
}

type report struct {
	Rules    *int              `json:"rules"`
	Findings *[]source.Finding `json:"findings"`
}

// Eval judges one target. It fails unless every rule of the catalogue was evaluated.
func (b *Bundle) Eval(ctx context.Context, input Input) ([]source.Finding, error) {
	value, err := ast.InterfaceToValue(input.plain())
	if err != nil {
		return nil, err
	}
	results, err := b.query.Eval(ctx, rego.EvalParsedInput(value))
	if err != nil {
		return nil, short(err)
	}
	if len(results) == 0 || len(results[0].Expressions) == 0 {
		return nil, errors.New("data.main.report is undefined: no rule was evaluated")
	}
	encoded, err := json.Marshal(results[0].Expressions[0].Value)
	if err != nil {
		return nil, err
	}
	return b.decode(encoded)
}

func (b *Bundle) decode(encoded []byte) ([]source.Finding, error) {
	var found report
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	if err := decoder.Decode(&found); err != nil {
		return nil, fmt.Errorf("data.main.report is not a report: %w", err)
	}
	if found.Rules == nil || found.Findings == nil {
		return nil, errors.New("data.main.report is not a report: rules or findings are missing")
	}
	if *found.Rules != len(b.Catalogue) {
		return nil, fmt.Errorf("%d of %d rules were evaluated", *found.Rules, len(b.Catalogue))
	}
	for i := range *found.Findings {
		one := &(*found.Findings)[i]
		one.Path, one.Trace, one.Related = source.OrEmpty(one.Path), source.OrEmpty(one.Trace), []source.Related{}
		if one.Rule == "" || one.Message == "" || (one.Severity != "error" && one.Severity != "warning") {
			return nil, fmt.Errorf("rule %q reports a finding without a message or a severity", one.Rule)
		}
	}
	return *found.Findings, nil
}

// plain is the input as JSON types, without a detour through text.
func (i Input) plain() map[string]any {
	sources := make([]any, len(i.Sources))
	for n, one := range i.Sources {
		sources[n] = one.Plain()
	}
	return map[string]any{"overlay": i.Overlay, "items": i.Items, "sources": sources, "config": i.Config}
}
