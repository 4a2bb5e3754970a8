package rules.security["unsafe-sysctl_test"]

import data.rules.security["unsafe-sysctl"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

given(name) := pod({"containers": [], "securityContext": {"sysctls": [{"name": name, "value": "1"}]}})

test_the_parameter_and_the_version_are_named if {
	rule.deny == {
		found(
			[
				"securityContext",
				"sysctls",
				0,
				"name",
			],
			"the pod sets vm.swappiness, which is not safe on Kubernetes 1.37",
		),
	} with input as {"items": [given("vm.swappiness")]}
}

test_a_parameter_is_safe_from_some_version_on if {
	rule.deny == set() with input as {"items": [given("net.ipv4.tcp_rmem")], "config": {"kubernetes": ["1.32", "1.36"]}}
	rule.deny == {
		found(
			[
				"securityContext",
				"sysctls",
				0,
				"name",
			],
			"the pod sets net.ipv4.tcp_rmem, which is not safe on Kubernetes 1.31",
		),
	} with input as {"items": [given("net.ipv4.tcp_rmem")], "config": {"kubernetes": ["1.31", "1.36"]}}
}
