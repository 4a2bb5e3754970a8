package rules.security["host-path-volume_test"]

import data.rules.security["host-path-volume"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_volume_and_its_path_are_named if {
	given := pod({
		"containers": [],
		"volumes": [{"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {"path": "/etc"}}],
	})
	rule.deny == {
		found(["volumes", 1, "hostPath"], "the volume b is the node's own /etc"),
	} with input as {"items": [given]}
}
