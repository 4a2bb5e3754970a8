package rules.security["host-namespace_test"]

import data.rules.security["host-namespace"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_every_shared_namespace_is_named if {
	given := pod({"hostNetwork": true, "hostPID": true, "hostIPC": true, "containers": []})
	rule.deny == {
		found(["hostNetwork"], "the pod shares its node's network"),
		found(["hostPID"], "the pod shares its node's processes"),
		found(["hostIPC"], "the pod shares its node's shared memory"),
	} with input as {"items": [given]}
}
