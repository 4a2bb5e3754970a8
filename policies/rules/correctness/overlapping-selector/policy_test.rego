package rules.correctness["overlapping-selector_test"]

import data.rules.correctness["overlapping-selector"] as rule

workload(kind, name, selector) := {
	"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": "asky"},
	"spec": {
		"selector": {"matchLabels": selector},
		"template": {"metadata": {"labels": {"app": name, "part-of": "asky"}}, "spec": {"containers": []}},
	},
}

test_the_other_is_named if {
	given := [workload("Deployment", "a", {"part-of": "asky"}), workload("StatefulSet", "b", {"app": "b"})]
	rule.warn == {{
		"message": "this selects the pods of StatefulSet b, too",
		"path": ["spec", "selector"],
		"resource": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "asky", "name": "a"},
		"source": null,
		"trace": [],
	}} with input as {"items": given}
}

test_a_selector_of_the_old_form_is_not_an_empty_one if {
	old := {
		"apiVersion": "v1", "kind": "ReplicationController", "metadata": {"name": "old", "namespace": "asky"},
		"spec": {
			"selector": {"app": "old"},
			"template": {"metadata": {"labels": {"app": "old"}}, "spec": {"containers": []}},
		},
	}
	rule.warn == set() with input as {"items": [old, workload("Deployment", "a", {"app": "a"})]}
}
