package rules.security["snippet-annotation_test"]

import data.rules.security["snippet-annotation"] as rule

test_the_annotation_is_named if {
	key := "nginx.ingress.kubernetes.io/server-snippet"
	given := {
		"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
		"metadata": {"name": "g", "namespace": "asky", "annotations": {key: "return 200;"}},
	}
	rule.warn == {{
		"message": "nginx.ingress.kubernetes.io/server-snippet writes into the configuration that all sites share",
		"path": ["metadata", "annotations", key],
		"resource": {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "namespace": "asky", "name": "g"},
		"source": null,
		"trace": [],
	}} with input as {"items": [given]}
}

test_annotations_that_no_controller_reads_write_nothing if {
	items := [
		{
			"apiVersion": "v1", "kind": "Service",
			"metadata": {"name": "s", "annotations": {"nginx.ingress.kubernetes.io/server-snippet": "return 200;"}},
		},
		{
			"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
			"metadata": {"name": "g", "annotations": {"docs.example.org/snippet": "how to reach it"}},
		},
	]
	rule.warn == set() with input as {"items": items}
}
