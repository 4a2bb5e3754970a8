package rules.security["unconfined-apparmor_test"]

import data.rules.security["unconfined-apparmor"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_a_context_and_an_annotation_are_found if {
	given := object.union(
		pod({
			"securityContext": {"appArmorProfile": {"type": "Unconfined"}},
			"containers": [],
		}),
		{"metadata": {
			"name": "auth", "namespace": "asky",
			"annotations": {"container.apparmor.security.beta.kubernetes.io/a": "unconfined"},
		}},
	)
	annotation := object.union(
		found([], "container a runs without an AppArmor profile"),
		{"path": ["metadata", "annotations", "container.apparmor.security.beta.kubernetes.io/a"]},
	)
	rule.deny == {
		found(["securityContext", "appArmorProfile", "type"], "the pod runs without an AppArmor profile"), annotation,
	} with input as {"items": [given]}
}

test_other_annotations_and_odd_ones_say_nothing_of_a_profile if {
	given := object.union(pod({"containers": []}), {"metadata": {"annotations": {
		"example.org/profile": "unconfined",
		"container.apparmor.security.beta.kubernetes.io/a": 5,
	}}})
	rule.deny == set() with input as {"items": [given]}
}
