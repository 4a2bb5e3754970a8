package rules.security["added-capability_test"]

import data.rules.security["added-capability"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_every_capability_is_named if {
	given := pod({"containers": [{"name": "auth", "securityContext": {"capabilities": {"add": ["ALL", "CHOWN", 5]}}}]})
	rule.deny == {
		found(["containers", 0, "securityContext", "capabilities", "add", 0], "container auth adds the capability ALL"),
		found(["containers", 0, "securityContext", "capabilities", "add", 2], "container auth adds the capability 5"),
	} with input as {"items": [given]}
}
