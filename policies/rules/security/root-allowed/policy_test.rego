package rules.security["root-allowed_test"]

import data.rules.security["root-allowed"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_silent_containers_are_named_once_for_the_pod if {
	given := pod({
		"containers": [{"name": "a"}, {"name": "b", "securityContext": {"runAsNonRoot": true}}],
		"initContainers": [{"name": "c"}],
	})
	message := "root is allowed: neither the pod nor container a, init container c says runAsNonRoot"
	rule.warn == {found(["securityContext", "runAsNonRoot"], message)} with input as {"items": [given]}
}

test_who_allows_root_is_named if {
	given := pod({
		"securityContext": {"runAsNonRoot": true},
		"containers": [{"name": "a", "securityContext": {"runAsNonRoot": false}}],
	})
	rule.warn == {
		found(["containers", 0, "securityContext", "runAsNonRoot"], "container a allows root"),
	} with input as {"items": [given]}
}

test_root_in_users_of_the_pod_s_own_is_nobody_on_the_node if {
	given := pod({"hostUsers": false, "containers": [{"name": "a", "securityContext": {"runAsNonRoot": false}}]})
	rule.warn == set() with input as {"items": [given], "config": {"kubernetes": ["1.35"]}}
	count(rule.warn) == 1 with input as {"items": [given], "config": {"kubernetes": ["1.34"]}}
}
