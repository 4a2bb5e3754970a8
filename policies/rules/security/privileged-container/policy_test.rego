package rules.security["privileged-container_test"]

import data.rules.security["privileged-container"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_every_privileged_container_is_named if {
	given := pod({
		"containers": [
			{"name": "auth", "securityContext": {"privileged": true}},
			{"name": "b", "securityContext": {"privileged": false}},
		],
		"initContainers": [{"securityContext": {"privileged": true}}],
	})
	rule.deny == {
		found(["containers", 0, "securityContext", "privileged"], "container auth runs privileged: root on its node"),
		found(["initContainers", 0, "securityContext", "privileged"], "init container 0 runs privileged: root on its node"),
	} with input as {"items": [given]}
}
