package rules.security["unconfined-seccomp_test"]

import data.rules.security["unconfined-seccomp"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_pod_and_container_are_named if {
	off := {"seccompProfile": {"type": "Unconfined"}}
	given := pod({"securityContext": off, "containers": [{"name": "a", "securityContext": off}]})
	rule.deny == {
		found(["securityContext", "seccompProfile", "type"], "the pod turns seccomp off"),
		found(["containers", 0, "securityContext", "seccompProfile", "type"], "container a turns seccomp off"),
	} with input as {"items": [given]}
}
