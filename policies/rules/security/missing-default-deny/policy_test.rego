package rules.security["missing-default-deny_test"]

import data.rules.security["missing-default-deny"] as rule

policy(spec) := {
	"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
	"metadata": {"name": "a", "namespace": "asky"}, "spec": spec,
}

test_the_directions_and_the_namespace_are_named if {
	namespace := {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "asky"}}
	pod := {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"name": "a", "namespace": "asky"},
		"spec": {"containers": []},
	}
	rule.warn == {{
		"message": "nothing closes the namespace asky by default: no policy for every pod governs its Egress",
		"path": ["metadata", "name"],
		"resource": {"apiVersion": "v1", "kind": "Namespace", "namespace": null, "name": "asky"},
		"source": null,
		"trace": [],
	}} with input as {"items": [namespace, pod, policy({"podSelector": {}})]}
}

test_a_namespace_that_is_written_twice_is_named_once if {
	pod := {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"name": "a", "namespace": "asky"},
		"spec": {"containers": []},
	}
	namespaces := [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "asky", "labels": {"stage": stage}}} |
		some stage in ["dev", "live"]
	]
	count(rule.warn) == 1 with input as {"items": array.concat(namespaces, [pod])}
}

test_what_is_for_some_pods_or_is_no_policy_closes_nothing if {
	pod := {
		"apiVersion": "v1",
		"kind": "Pod",
		"metadata": {"name": "asky", "namespace": "asky"},
		"spec": {"containers": []},
	}
	some_pods := policy({
		"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["a"]}]},
		"policyTypes": ["Ingress", "Egress"],
	})
	ingress := object.union(policy({"defaultBackend": {"service": {"name": "a"}}}), {"kind": "Ingress"})
	{[one.path, one.message] | some one in rule.warn} == {[
		["metadata", "namespace"],
		"nothing closes the namespace asky by default: no policy for every pod governs its Ingress and Egress",
	]} with input as {"items": [pod, some_pods, ingress]}
}
