package rules.gitops["replicas-against-autoscaler_test"]

import data.rules.gitops["replicas-against-autoscaler"] as rule

test_the_workload_is_named if {
	items := [
		{
			"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "auth", "namespace": "asky"},
			"spec": {"replicas": 0},
		},
		{
			"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
			"metadata": {"name": "h", "namespace": "asky"},
			"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "auth"}},
		},
	]

	rule.warn == {{
		"message": "an autoscaler decides how many pods auth has",
		"path": ["spec", "replicas"],
		"resource": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "asky", "name": "auth"},
		"source": null,
		"trace": [],
	}} with input as {"items": items}
}
