package rules.correctness["dangling-reference_test"]

import data.rules.correctness["dangling-reference"] as rule

test_kind_and_name_are_named if {
	given := {
		"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "a", "namespace": "asky"},
		"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "auth"}},
	}
	rule.warn == {{
		"message": "there is no Deployment auth here",
		"path": ["spec", "scaleTargetRef", "name"],
		"resource": {
			"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "namespace": "asky", "name": "a",
		},
		"source": null,
		"trace": [],
	}} with input as {"items": [given]}
}
