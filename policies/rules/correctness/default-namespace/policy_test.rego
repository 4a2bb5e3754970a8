package rules.correctness["default-namespace_test"]

import data.rules.correctness["default-namespace"] as rule

pod(metadata) := {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": []}}

test_the_others_are_named if {
	items := [pod({"name": "a", "namespace": "asky"}), pod({"name": "b"})]

	rule.warn == {{
		"message": "it names no namespace, and others here name asky",
		"path": ["metadata", "namespace"],
		"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": null, "name": "b"},
		"source": null,
		"trace": [],
	}} with input as {"items": items}
}
