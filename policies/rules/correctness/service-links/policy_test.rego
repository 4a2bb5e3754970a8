package rules.correctness["service-links_test"]

import data.rules.correctness["service-links"] as rule

test_the_variable_is_named if {
	pod := {
		"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "asky", "labels": {"app": "a"}},
		"spec": {"containers": [{"name": "a", "env": [{"name": "MY_DB_USER", "value": "x"}]}]},
	}
	service := {
		"apiVersion": "v1", "kind": "Service", "metadata": {"name": "my-db", "namespace": "asky"},
		"spec": {"selector": {"app": "db"}, "ports": [{"port": 5432}]},
	}
	rule.warn == {{
		"message": "MY_DB_PORT=tcp://… comes into its environment from the Service of that name",
		"path": ["spec", "enableServiceLinks"],
		"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "p"},
		"source": null,
		"trace": [],
	}} with input as {"items": [pod, service]}
}

pod(name, env) := {
	"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "asky", "labels": {"app": name}},
	"spec": {"containers": [{"name": "a", "env": [{"name": env, "value": "x"}]}]},
}

service(name, spec) := {
	"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "asky"},
	"spec": object.union({"ports": [{"port": 80}]}, spec),
}

messages := {[one.resource.name, split(one.message, "=")[0]] | some one in rule.warn}

test_each_pod_is_told_its_own_service if {
	messages == {["a", "A_PORT"], ["b", "B_PORT"]} with input as {"items": [
		pod("a", "X"), pod("b", "X"),
		service("a", {"selector": {"app": "a"}}), service("b", {"selector": {"app": "b"}}),
	]}
}

test_variables_that_no_service_writes_are_the_pod_s_own if {
	messages == set() with input as {"items": [pod("a", "DB"), service("db", {})]}
	elsewhere := object.union(service("db", {}), {"metadata": {"namespace": "other"}})
	messages == set() with input as {"items": [pod("a", "DB_USER"), elsewhere, service("web", {})]}
	alias := service("db", {"type": "ExternalName", "externalName": "db.example.org"})
	messages == set() with input as {"items": [pod("a", "DB_USER"), alias]}
	cluster := {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "db", "namespace": "asky"}}
	messages == set() with input as {"items": [pod("a", "DB_USER"), cluster]}
}

test_a_service_whose_name_is_still_to_be_made_has_no_variables_yet if {
	messages == set() with input as {"items": [pod("a", "X"), service("", {"selector": {"app": "a"}})]}
}
