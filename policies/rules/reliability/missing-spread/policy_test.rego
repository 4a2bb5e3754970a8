package rules.reliability["missing-spread_test"]

import data.rules.reliability["missing-spread"] as rule

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
	rule.warn == {found(
		["spec", "template", "spec", "topologySpreadConstraints"],
		"the 3 pods of auth may all run on one node",
	)} with input as {"items": [deployment({"replicas": 3}), service]}
}

test_a_database_of_one_instance_has_nothing_to_spread if {
	cluster := {
		"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "db", "namespace": "asky"},
		"spec": {"instances": 1, "affinity": {"enablePodAntiAffinity": false}},
	}
	rule.warn == set() with input as {"items": [cluster]}
}

scaler(least) := {
	"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "h", "namespace": "asky"},
	"spec": {"minReplicas": least, "scaleTargetRef": {"kind": "Deployment", "name": "auth"}},
}

test_an_autoscaler_s_least_number_counts_where_it_is_one if {
	count(rule.warn) == 1 with input as {"items": [deployment({}), service, scaler(2)]}
	rule.warn == set() with input as {"items": [deployment({}), service, scaler("2")]}
}

test_the_pods_of_other_controllers_are_theirs_to_spread if {
	fleet := object.union(deployment({"replicas": 3}), {
		"apiVersion": "agones.dev/v1", "kind": "Fleet",
		"spec": {"template": {"spec": {"containers": [{"name": "auth", "image": "acme/auth:1.4.2"}]}}},
	})
	rule.warn == set() with input as {"items": [fleet, service]}
}
