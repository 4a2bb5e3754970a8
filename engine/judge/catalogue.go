package judge

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Rule is what a rule's package says about itself.
type Rule struct {
	ID          string         `json:"id"`
	Category    string         `json:"category"`
	Verbs       []string       `json:"verbs"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	Remediation string         `json:"remediation"`
	Related     []string       `json:"related"`
	Custom      map[string]any `json:"custom"`
}

// ruleOf reads category and id from a package path: rules.<category>["<rule-id>"].
func ruleOf(module *ast.Module) (category, id string, ok bool) {
	path := module.Package.Path
	if len(path) != 4 {
		return "", "", false
	}
	var parts [3]string
	for i := range parts {
		text, isString := path[i+1].Value.(ast.String)
		if !isString {
			return "", "", false
		}
		parts[i] = string(text)
	}
	return parts[1], parts[2], parts[0] == "rules"
}

// catalogue lists the rules by category and id; a rule may be spread over several files.
func catalogue(modules []module) []Rule {
	rules := map[string]*Rule{}
	for _, module := range modules {
		category, id, ok := ruleOf(module.Module)
		if !ok {
			continue
		}
		rule := rules[category+"/"+id]
		if rule == nil {
			rule = &Rule{ID: id, Category: category, Verbs: []string{}, Related: []string{}, Custom: map[string]any{}}
			rules[category+"/"+id] = rule
		}
		rule.add(module.Module)
	}
	list := make([]Rule, 0, len(rules))
	for _, rule := range rules {
		list = append(list, *rule)
	}
	slices.SortFunc(list, func(a, b Rule) int { return strings.Compare(a.Category+"/"+a.ID, b.Category+"/"+b.ID) })
	return list
}

func (r *Rule) add(module *ast.Module) {
	for _, verb := range []string{"deny", "warn"} {
		named := func(one *ast.Rule) bool { return one.Head.Ref()[0].Value.Compare(ast.Var(verb)) == 0 }
		if !slices.Contains(r.Verbs, verb) && slices.ContainsFunc(module.Rules, named) {
			r.Verbs = append(r.Verbs, verb)
		}
	}
	for _, notes := range module.Annotations {
		if notes.Scope != "package" {
			continue
		}
		r.Title, r.Description = notes.Title, strings.TrimSpace(notes.Description)
		for _, related := range notes.RelatedResources {
			r.Related = append(r.Related, related.Ref.String())
		}
		for name, value := range notes.Custom {
			if text, ok := value.(string); ok && name == "remediation" {
				r.Remediation = strings.TrimSpace(text)
				continue
			}
			r.Custom[name] = value
		}
	}
}
