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
