package rules.security["host-port_test"]

import data.rules.security["host-port"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_every_port_is_named if {
	given := pod({"containers": [{"name": "auth", "ports": [{"hostPort": 80}, {"hostPort": 0}, {"containerPort": 5}]}]})
	rule.deny == {
		found(["containers", 0, "ports", 0, "hostPort"], "container auth takes port 80 of its node"),
	} with input as {"items": [given]}
}
