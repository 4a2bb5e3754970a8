package rules.database["database-without-persistence_test"]

import data.rules.database["database-without-persistence"] as rule

test_the_folder_is_named if {
	given := {
		"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "p", "namespace": "asky"},
		"spec": {"template": {"spec": {"containers": [{"name": "p", "image": "postgres:18.1"}]}}},
	}
	rule.warn == {{
		"message": "container p keeps its data in /var/lib/postgresql/18/docker, where no claim is mounted",
		"path": ["spec", "template", "spec", "containers", 0, "volumeMounts"],
		"resource": {"apiVersion": "apps/v1", "kind": "StatefulSet", "namespace": "asky", "name": "p"},
		"source": null,
		"trace": [],
	}} with input as {"items": [given]}
}

workload(kind, spec) := {
	"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "p", "namespace": "asky"},
	"spec": {"template": {"spec": spec}},
}

test_what_runs_beside_or_before_or_once_keeps_nothing if {
	exporter := {"name": "e", "image": "quay.io/prometheuscommunity/postgres-exporter:v0.17.1"}
	rule.warn == set() with input as {"items": [workload("Deployment", {"containers": [exporter]})]}
	prepared := {
		"containers": [{"name": "a", "image": "acme/auth:1"}],
		"initContainers": [{"name": "i", "image": "postgres:17"}],
	}
	rule.warn == set() with input as {"items": [workload("Deployment", prepared)]}
	rule.warn == set() with input as {"items": [workload("Job", {"containers": [{"name": "t", "image": "postgres:17"}]})]}
}

test_an_image_with_a_folder_of_its_own_is_not_asked_for_another if {
	spec := {"containers": [{"name": "m", "image": "bitnami/mysql:8.4", "volumeMounts": [
		{"name": "data", "mountPath": "/bitnami/mysql"},
	]}]}
	claims := {"spec": {"volumeClaimTemplates": [{"metadata": {"name": "data"}}]}}
	rule.warn == set() with input as {"items": [object.union(workload("StatefulSet", spec), claims)]}
}

test_only_pgdata_moves_the_folder_and_only_when_it_says_where if {
	env := [
		{"name": "HOME", "value": "/home"},
		{"name": "PGDATA", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
	]
	spec := {"containers": [{"name": "p", "image": "postgres:17", "env": env, "volumeMounts": [
		{"name": "data", "mountPath": "/var/lib/postgresql/data"},
	]}]}
	claims := {"spec": {"volumeClaimTemplates": [{"metadata": {"name": "data"}}]}}
	rule.warn == set() with input as {"items": [object.union(workload("StatefulSet", spec), claims)]}
}
