package rules.security["kept-capabilities_test"]

import data.rules.security["kept-capabilities"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_what_is_kept_and_what_is_added_are_named if {
	given := pod({"containers": [
		{"name": "a", "securityContext": {"capabilities": {"drop": ["NET_RAW"]}}},
		{"name": "b", "securityContext": {"capabilities": {"drop": ["ALL"], "add": ["CHOWN", "NET_BIND_SERVICE"]}}},
	]})
	rule.warn == {
		found(["containers", 0, "securityContext", "capabilities", "drop"], "container a does not drop all capabilities"),
		found(["containers", 1, "securityContext", "capabilities", "add", 0], "container b adds the capability CHOWN"),
	} with input as {"items": [given]}
}

test_windows_knows_no_capabilities if {
	given := pod({
		"os": {"name": "windows"},
		"containers": [{"name": "a", "securityContext": {"capabilities": {"add": ["CHOWN"]}}}],
	})
	rule.warn == set() with input as {"items": [given]}
}
