package rules.security["unguarded-namespace_test"]

import data.rules.security["unguarded-namespace"] as rule

test_the_namespace_is_named if {
	items := [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "asky"}}]

	rule.warn == {{
		"message": "the namespace asky enforces no Pod Security Standard",
		"path": ["metadata", "labels", "pod-security.kubernetes.io/enforce"],
		"resource": {"apiVersion": "v1", "kind": "Namespace", "namespace": null, "name": "asky"},
		"source": null,
		"trace": [],
	}} with input as {"items": items}
}

test_a_namespace_of_another_api_holds_no_pods if {
	items := [{"apiVersion": "servicebus.azure.com/v1api20211101", "kind": "Namespace", "metadata": {"name": "queues"}}]

	rule.warn == set() with input as {"items": items}
}
