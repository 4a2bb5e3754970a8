package rules.reliability["blocking-disruption-budget_test"]

import data.rules.reliability["blocking-disruption-budget"] as rule

deployment(spec) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "auth", "namespace": "asky"},
	"spec": object.union({"template": {"metadata": {"labels": {"app": "auth"}}, "spec": {"containers": []}}}, spec),
}

found(path, message) := {
	"message": message,
	"path": path,
	"resource": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_budget_and_workload_are_named if {
	budget := {
		"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "auth", "namespace": "asky"},
		"spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "auth"}}},
	}
	rule.warn == {object.union(
		found(["spec", "minAvailable"], "2 of the 2 pods of auth must always be there"),
		{"resource": {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "namespace": "asky", "name": "auth"}},
	)} with input as {"items": [deployment({"replicas": 2}), budget]}
}

test_pods_that_are_not_guarded_or_not_drained_do_not_count if {
	budget := {
		"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "auth", "namespace": "asky"},
		"spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "auth"}}},
	}
	other := object.union(deployment({"replicas": 1}), {
		"metadata": {"name": "other"},
		"spec": {"template": {"metadata": {"labels": {"app": "other"}}}},
	})
	rule.warn == set() with input as {"items": [deployment({"replicas": 2}), other, budget]}
	agent := object.union(deployment({}), {"kind": "DaemonSet"})
	rule.warn == set() with input as {"items": [agent, budget]}
}
