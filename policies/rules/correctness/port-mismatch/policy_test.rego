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

named(container) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "asky"},
	"spec": {"template": {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [container]}}},
}

serving(selector, ports) := {
	"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "asky"},
	"spec": {"selector": selector, "ports": ports},
}

test_a_probe_may_name_a_port_of_its_container if {
	container := {
		"name": "a", "ports": [{"name": "http", "containerPort": 80}],
		"readinessProbe": {"httpGet": {"port": "http"}},
	}
	rule.deny == set() with input as {"items": [named(container)]}
}

test_a_service_without_pods_or_with_odd_ports_is_for_others_to_say if {
	deployment := named({"name": "a", "ports": [{"containerPort": 80}]})
	rule.deny == set() with input as {"items": [deployment, serving({"app": "b"}, [{"port": 8080}])]}
	rule.deny == set() with input as {"items": [deployment, serving({"app": "a"}, [{"name": "http"}])]}
}
