package rules.security["disallowed-volume-type_test"]

import data.rules.security["disallowed-volume-type"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_volume_and_its_type_are_named if {
	volumes := [{"name": "a", "gitRepo": {}}, {"name": "b", "secret": {}}, {"name": "c", "nfs": null}, "odd"]
	rule.warn == {
		found(["volumes", 0, "gitRepo"], "the volume a is of the type gitRepo"),
	} with input as {"items": [pod({"containers": [], "volumes": volumes})]}
}
