package rules.reliability["missing-disruption-budget_test"]

import data.rules.reliability["missing-disruption-budget"] as rule

deployment(spec) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "auth", "namespace": "asky"},
	"spec": object.union({"template": {"metadata": {"labels": {"app": "auth"}}, "spec": {"containers": []}}}, spec),
}

service := {
	"apiVersion": "v1", "kind": "Service", "metadata": {"name": "auth", "namespace": "asky"},
	"spec": {"selector": {"app": "auth"}, "ports": [{"port": 80, "targetPort": "http"}]},
}

found(path, message) := {
	"message": message,
	"path": path,
	"resource": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_workload_is_named if {
	rule.warn == {
		found(["metadata", "name"], "no PodDisruptionBudget guards the pods of auth"),
	} with input as {"items": [deployment({"replicas": 3}), service]}
}

test_a_database_of_one_instance_has_nothing_to_guard if {
	cluster := {
		"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "db", "namespace": "asky"},
		"spec": {"instances": 1, "enablePDB": false},
	}
	rule.warn == set() with input as {"items": [cluster]}
}
