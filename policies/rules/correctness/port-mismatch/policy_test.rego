package rules.correctness["port-mismatch_test"]

import data.rules.correctness["port-mismatch"] as rule

test_service_and_probe_are_named if {
	deployment := {
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "asky"},
		"spec": {"template": {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{
			"name": "a", "ports": [{"name": "http", "containerPort": 80}],
			"livenessProbe": {"tcpSocket": {"port": "web"}},
		}]}}},
	}
	service := {
		"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "asky"},
		"spec": {"selector": {"app": "a"}, "ports": [{"port": 80, "targetPort": 8080}]},
	}
	{[one.resource.kind, one.path, one.message] | some one in rule.deny} == {
		["Service", ["spec", "ports", 0, "targetPort"], "no container behind the Service has the port 8080"],
		[
			"Deployment", ["spec", "template", "spec", "containers", 0, "livenessProbe", "tcpSocket", "port"],
			"container a has no port named web",
		],
	} with input as {"items": [deployment, service]}
}
