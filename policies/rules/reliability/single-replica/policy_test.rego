package rules.reliability["single-replica_test"]

import data.rules.reliability["single-replica"] as rule

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
		found(["spec", "replicas"], "one pod serves what is asked of auth"),
	} with input as {"items": [deployment({"replicas": 1}), service]}
}

test_what_has_a_disk_of_its_own_may_be_alone if {
	alone := object.union(deployment({"replicas": 1}), {"kind": "StatefulSet"})
	rule.warn == set() with input as {"items": [alone, service]}
}
