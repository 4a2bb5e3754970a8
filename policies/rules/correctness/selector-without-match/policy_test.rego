package rules.correctness["selector-without-match_test"]

import data.rules.correctness["selector-without-match"] as rule

test_the_service_is_named if {
	pod := {
		"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "asky", "labels": {"app": "a"}},
		"spec": {"containers": []},
	}
	service := {
		"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "asky"},
		"spec": {"selector": {"app": "b"}},
	}
	rule.warn == {{
		"message": "no pod of the namespace has the labels that Service s selects",
		"path": ["spec", "selector"],
		"resource": {"apiVersion": "v1", "kind": "Service", "namespace": "asky", "name": "s"},
		"source": null,
		"trace": [],
	}} with input as {"items": [pod, service]}
}
