package rules.correctness["dangling-config_test"]

import data.rules.correctness["dangling-config"] as rule

deployment(container) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "asky"},
	"spec": {"template": {"spec": {"containers": [container]}}},
}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec", "template", "spec", "containers", 0], path),
	"resource": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "asky", "name": "a"},
	"source": null,
	"trace": [],
}

test_the_name_or_the_key_is_named if {
	config := {
		"apiVersion": "v1",
		"kind": "ConfigMap",
		"metadata": {"name": "c", "namespace": "asky"},
		"data": {"a": "b"},
	}
	given := deployment({
		"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "b"}}}],
		"envFrom": [{"secretRef": {"name": "s"}}, {"secretRef": {"name": "t", "optional": true}}],
	})
	rule.warn == {
		found(["env", 0, "valueFrom", "configMapKeyRef", "key"], "the ConfigMap c has no key b"),
		found(["envFrom", 0, "secretRef", "name"], "nothing here makes the Secret s"),
	} with input as {"items": [given, config]}
}

test_a_job_may_add_the_key if {
	secret := {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "c", "namespace": "asky"}, "data": {"a": "Yg=="}}
	job := {
		"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j", "namespace": "asky"},
		"spec": {"template": {"spec": {"containers": [{"name": "j", "args": ["kubectl patch secret c -p ..."]}]}}},
	}
	given := deployment({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "c", "key": "b"}}}]})
	rule.warn == set() with input as {"items": [given, secret, job]}
}
