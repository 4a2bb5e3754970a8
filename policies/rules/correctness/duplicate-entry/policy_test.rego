package rules.correctness["duplicate-entry_test"]

import data.rules.correctness["duplicate-entry"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_what_is_said_twice_is_named if {
	given := pod({
		"containers": [
			{
				"name": "a",
				"env": [{"name": "A"}, {"name": "B"}, {"name": "A"}],
				"ports": [{"containerPort": 1}, {"containerPort": 1}],
			},
		],
	})
	rule.warn == {
		found(["containers", 0, "env", 2, "name"], "container a says A twice in env"),
		found(["containers", 0, "ports", 1, "containerPort"], "container a says port 1 twice"),
	} with input as {"items": [given]}
}
