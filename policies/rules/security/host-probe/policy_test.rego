package rules.security["host-probe_test"]

import data.rules.security["host-probe"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_host_is_named if {
	given := pod({"containers": [{"name": "auth", "readinessProbe": {"tcpSocket": {"host": "10.0.0.1", "port": 1}}}]})
	path := ["containers", 0, "readinessProbe", "tcpSocket", "host"]
	rule.deny == {
		found(path, "container auth lets the kubelet ask 10.0.0.1 instead of the pod"),
	} with input as {"items": [given]}
}

test_a_host_was_nothing_to_forbid_before_kubernetes_134 if {
	given := pod({"containers": [{"name": "auth", "readinessProbe": {"tcpSocket": {"host": "10.0.0.1", "port": 1}}}]})
	rule.deny == set() with input as {"items": [given], "config": {"kubernetes": ["1.33"]}}
}
