package rules.security["unmasked-proc_test"]

import data.rules.security["unmasked-proc"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_container_is_named if {
	given := pod({"containers": [{"name": "a", "securityContext": {"procMount": "Unmasked"}}, {"name": "b"}]})
	rule.deny == {
		found(["containers", 0, "securityContext", "procMount"], "container a sees all of /proc"),
	} with input as {"items": [given]}
}
