package rules.security["windows-host-process_test"]

import data.rules.security["windows-host-process"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_pod_and_container_are_named if {
	context := {"windowsOptions": {"hostProcess": true}}
	given := pod({"securityContext": context, "containers": [{"name": "a", "securityContext": context}]})
	rule.deny == {
		found(["securityContext", "windowsOptions", "hostProcess"], "the pod is a process of its Windows node"),
		found(
			["containers", 0, "securityContext", "windowsOptions", "hostProcess"],
			"container a is a process of its Windows node",
		),
	} with input as {"items": [given]}
}
