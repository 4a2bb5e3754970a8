package rules.security["privilege-escalation_test"]

import data.rules.security["privilege-escalation"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_every_container_is_named_whatever_it_says if {
	given := pod({"containers": [
		{"name": "a", "securityContext": {"allowPrivilegeEscalation": false}},
		{"name": "b", "securityContext": {"allowPrivilegeEscalation": true}},
		{"name": "c"},
	]})
	rule.warn == {
		found(["containers", 1, "securityContext", "allowPrivilegeEscalation"], "container b may gain privileges"),
		found(["containers", 2, "securityContext", "allowPrivilegeEscalation"], "container c may gain privileges"),
	} with input as {"items": [given]}
}
