package rules.security["root-user_test"]

import data.rules.security["root-user"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_pod_and_container_are_named if {
	given := pod({
		"securityContext": {"runAsUser": 0},
		"containers": [{"name": "a", "securityContext": {"runAsUser": 0}}],
	})
	rule.warn == {
		found(["securityContext", "runAsUser"], "the pod runs as root"),
		found(["containers", 0, "securityContext", "runAsUser"], "container a runs as root"),
	} with input as {"items": [given]}
}
