package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// policies are the smallest bundle that keeps the contract of docs/protocol.md, and more files.
func policies(more string) string {
	main := `-- main/main.rego --
package main

report := {"rules": count(evaluated), "findings": [one | some one in findings]}

evaluated contains [category, id] if {
	some category, id
	data.rules[category][id]
}

findings contains one if {
	some category, id
	some result in data.rules[category][id].deny
	one := finding(category, id, "error", result)
}

findings contains one if {
	some category, id
	some result in data.rules[category][id].warn
	one := finding(category, id, "warning", result)
}

finding(category, id, severity, result) := object.union(
	{"rule": id, "category": category, "severity": severity, "resource": null, "path": [], "trace": [], "source": null},
	result,
) if is_object(result)

finding(category, id, severity, result) := {
	"rule": id, "category": category, "severity": severity, "message": result,
	"resource": null, "path": [], "trace": [], "source": null,
} if is_string(result)
-- rules/reliability/one-replica/policy.rego --
# METADATA
# title: One replica
# description: |
#   A Deployment of one is down
#   whenever it moves.
# related_resources:
# - https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
# custom:
#   remediation: Set spec.replicas to 2.
#   level: 2
package rules.reliability["one-replica"]

deny contains {
	"message": "one replica",
	"path": ["spec", "replicas"],
	"resource": {"apiVersion": item.apiVersion, "kind": item.kind, "namespace": null, "name": item.metadata.name},
} if {
	some item in input.items
	item.spec.replicas < data.settings.least
}
-- rules/reliability/one-replica/policy_test.rego --
package rules.reliability["one-replica_test"]

this is not rego, and not read
-- rules/style/says-hello/policy.rego --
package rules.style["says-hello"]

warn contains sprintf("hello %s, %d sources", [input.overlay, count(input.sources)])
-- settings/data.yaml --
least: 2
`
	return main + more
}

const overlay = "-- o/kustomization.yaml --\nresources: [d.yaml]\nconfigMapGenerator: [{name: c, files: [f.sql, g.yaml], envs: [e.env]}]\n" +
	"patches: [{path: p.yaml}]\n-- o/d.yaml --\n" + deployment +
	"-- o/p.yaml --\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {paused: true}}\n-- o/f.sql --\nselect 1;\n-- o/g.yaml --\na: 1\n-- o/e.env --\nA=b"

func judgement(t *testing.T, files, rules string, extra ...string) []map[string]any {
	t.Helper()
	request := map[string]any{"op": "judge", "root": tree(t, files), "policies": tree(t, rules), "targets": []any{map[string]any{"name": "o", "kustomization": "o"}}}
	var folders []string
	for _, one := range extra {
		folders = append(folders, tree(t, one))
	}
	request["extra"] = folders
	return ask(t, request)
}

func reorder(t *testing.T, document string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(document), &value); err != nil {
		t.Fatal(err)
	}
	return text(t, value)
}

func TestAJudgementIsTheCatalogueThenEachTargetWithItsFindings(t *testing.T) {
	replies := judgement(t, overlay, policies(""))
	same(t, text(t, replies), reorder(t, `[
	 {"type":"catalogue","error":null,"rules":[
	  {"id":"one-replica","category":"reliability","verbs":["deny"],"title":"One replica","description":"A Deployment of one is down\nwhenever it moves.",
	   "remediation":"Set spec.replicas to 2.","related":["https://kubernetes.io/docs/concepts/workloads/pods/disruptions/"],"custom":{"level":2}},
	  {"id":"says-hello","category":"style","verbs":["warn"],"title":"","description":"","remediation":"","related":[],"custom":{}}]},
	 {"type":"target","name":"o","objects":2,"rules":2,"error":null,"unknownKinds":[],"unjudged":[],
	  "closure":["o/d.yaml","o/e.env","o/f.sql","o/g.yaml","o/kustomization.yaml","o/p.yaml"],
	  "findings":[
	   {"rule":"one-replica","category":"reliability","severity":"error","message":"one replica","trace":[],"source":null,
	    "resource":{"apiVersion":"apps/v1","kind":"Deployment","namespace":null,"name":"web"},"path":["spec","replicas"],
	    "location":{"file":"o/d.yaml","line":6,"column":13,"endLine":6,"endColumn":14},"related":[]},
	   {"rule":"says-hello","category":"style","severity":"warning","message":"hello o, 6 sources","trace":[],"source":null,"resource":null,"path":[],
	    "location":null,"related":[]}]},
	 {"type":"done"}]`))
}

func TestTheInputHoldsTheRenderAndEverySourceWithItsKind(t *testing.T) {
	replies := ask(t,
		map[string]any{"op": "judge", "root": tree(t, overlay), "policies": tree(t, policies("")), "input": true, "config": map[string]any{"cpuLimits": "require"}, "targets": []any{map[string]any{"name": "o", "kustomization": "o"}}},
		map[string]any{"op": "locate", "target": "o", "findings": []any{map[string]any{"rule": "r", "message": "m", "severity": "error", "path": []any{"spec", "replicas"},
			"resource": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "namespace": nil, "name": "web"}}}},
		map[string]any{"op": "locate", "target": "other", "findings": []any{}})
	input := replies[1]["input"].(map[string]any)
	var kinds []string
	for _, one := range input["sources"].([]any) {
		source := one.(map[string]any)
		kinds = append(kinds, source["file"].(string)+" "+source["kind"].(string)+" "+text(t, source["text"])+" "+strings.SplitN(text(t, source["object"]), ",", 2)[0])
	}
	same(t, strings.Join(kinds, "\n"), `o/kustomization.yaml kustomization null {"configMapGenerator":[{"envs":["e.env"]
o/d.yaml manifest null {"apiVersion":"apps/v1"
o/p.yaml patch null {"apiVersion":"apps/v1"
o/f.sql data "select 1;\n" null
o/g.yaml data null {"a":1}
o/e.env data "A=b\n" null`)
	same(t, text(t, []any{input["overlay"], len(input["items"].([]any)), input["config"], replies[1]["rules"], replies[1]["findings"]}), `["o",2,{"cpuLimits":"require"},2,[]]`)
	same(t, text(t, replies[3]["findings"].([]any)[0].(map[string]any)["location"]), `{"column":13,"endColumn":14,"endLine":6,"file":"o/d.yaml","line":6}`)
	same(t, text(t, replies[5]), `{"code":"bad-request","message":"target \"other\" was not built before","type":"error"}`)
}

func TestAPolicyThatFailsIsNeverNoFindings(t *testing.T) {
	rule := "-- rules/a/b/policy.rego --\npackage rules.a.b\n\n"
	for name, one := range map[string]struct{ rules, want string }{
		"a built-in that fails":     {policies(rule + `deny contains "x" if to_number("no") == 1`), `policy.rego:3: to_number failed`},
		"two values at once":        {policies(rule + "deny contains f(1)\n\nf(_) := 1\n\nf(x) := 2 if x == 1"), "produced conflicting values for the same inputs"},
		"a rule that is not run":    {strings.Replace(policies(""), "data.rules[category][id]\n}\n\nfindings", "data.rules[category][id]\n\tid != \"says-hello\"\n}\n\nfindings", 1), "1 of 2 rules were evaluated"},
		"a report that is missing":  {strings.Replace(policies(""), "report :=", "other :=", 1), "no rule was evaluated"},
		"a report of another shape": {strings.Replace(policies(""), "report := {", "report := {\"x\": 1} if true else := {", 1), "rules or findings are missing"},
		"a finding without words":   {policies(rule + `deny contains {"path": []}`), "without a message"},
		"a syntax error":            {policies(rule + "deny contains"), "policy.rego:4: "},
		"the network":               {policies(rule + `deny contains "x" if http.send({"method": "get", "url": "http://127.0.0.1"})`), "undefined function http.send"},
		"name resolution":           {policies(rule + `deny contains "x" if net.lookup_ip_addr("localhost")`), "undefined function net.lookup_ip_addr"},
		"a look at this process":    {policies(rule + `deny contains "x" if opa.runtime().env.HOME`), "undefined function opa.runtime"},
		"no policies":               {"-- a.txt --\n", "holds no policies"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, reply := range judgement(t, overlay, one.rules) {
				failed, _ := reply["error"].(map[string]any)
				if reply["type"] == "target" && (failed == nil || failed["code"] != "policy-failed" || failed["exit"] != 3.0 || !strings.Contains(failed["message"].(string), one.want)) {
					t.Errorf("got %s", text(t, reply))
				}
			}
		})
	}
}

func TestAFurtherBundleMayOnlyAdd(t *testing.T) {
	fine := judgement(t, overlay, policies(""), "-- x.rego --\npackage rules.own.extra\n\ndeny contains \"plain words\"")
	if text(t, fine[1]["rules"]) != "3" || !strings.Contains(text(t, fine[1]["findings"]), `"category":"own","location":null,"message":"plain words"`) {
		t.Errorf("got %s", text(t, fine))
	}
	for name, one := range map[string]struct{ extra, want string }{
		"main":                      {"-- x.rego --\npackage main\n\nreport := 1", "package main belongs to asky-gitops"},
		"lib":                       {"-- x.rego --\npackage lib.result\n\nx := 1", "package lib.result belongs to asky-gitops"},
		"system":                    {"-- x.rego --\npackage system.log\n\nx := 1", "package system.log belongs to asky-gitops"},
		"a shipped rule":            {"-- x.rego --\npackage rules.reliability[\"one-replica\"]\n\nwarn contains \"x\"", `rule "one-replica" (reliability) is already defined in `},
		"its id in a category":      {"-- x.rego --\npackage rules.own[\"one-replica\"]\n\nwarn contains \"x\"", `rule "one-replica" (own) is already defined in `},
		"all rules":                 {"-- x.rego --\npackage rules\n\nreliability := 1", "a rule is package rules.<category>"},
		"data of the rules":         {"-- rules/data.json --\n{\"x\": 1}\n-- x.rego --\npackage rules.own.a\n\ndeny contains \"x\"", `must not hold data under "rules"`},
		"a folder without a rule":   {"-- x.txt --\n", "holds no rule"},
		"a package that is none":    {"-- x.rego --\npackage own\n\ndeny contains \"x\"", " holds no rule: a rule is package rules.<category>"},
		"a rule that finds nothing": {"-- x.rego --\npackage rules.own.a\n\nviolation contains \"x\"", `rule "a" has neither deny nor warn`},
		"a rule that is not valid":  {"-- x.rego --\npackage rules.own.a\n\ndeny contains y", "var y is unsafe"},
	} {
		t.Run(name, func(t *testing.T) {
			replies := judgement(t, overlay, policies(""), one.extra)
			failed, _ := replies[0]["error"].(map[string]any)
			if failed == nil || failed["exit"] != 2.0 || !strings.Contains(failed["message"].(string), one.want) || replies[1]["error"] == nil {
				t.Errorf("got %s", text(t, replies))
			}
		})
	}
}

func TestTheShippedPoliciesLoadAndKeepTheirContract(t *testing.T) {
	shipped, err := filepath.Abs("../policies")
	if err != nil {
		t.Fatal(err)
	}
	replies := ask(t, map[string]any{"op": "judge", "root": tree(t, overlay), "policies": shipped, "config": map[string]any{"cpuLimits": "require", "databases": []any{}}, "targets": []any{map[string]any{"name": "o", "kustomization": "o"}}})
	if replies[0]["error"] != nil || replies[1]["error"] != nil || len(replies[0]["rules"].([]any)) < 3 || len(replies[1]["findings"].([]any)) == 0 {
		t.Errorf("got %s", text(t, replies))
	}
}
