package rules.security["open-network-policy_test"]

import data.rules.security["open-network-policy"] as rule

policy(spec) := {
	"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
	"metadata": {"name": "a", "namespace": "asky"}, "spec": spec,
}

found(path, message) := {
	"message": message,
	"path": path,
	"resource": {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "namespace": "asky", "name": "a"},
	"source": null,
	"trace": [],
}

test_every_open_rule_is_named if {
	given := policy({
		"policyTypes": ["Ingress", "Egress"],
		"ingress": [{}, {"from": [{"namespaceSelector": {}}]}, {"ports": [{"port": 80}]}],
		"egress": [{"to": [{"ipBlock": {"cidr": "::/0"}}]}],
	})
	rule.warn == {
		found(["spec", "ingress", 0], "this rule opens every port to everybody"),
		found(["spec", "ingress", 1], "this rule opens every port to every pod of every namespace"),
		found(["spec", "egress", 0], "this rule opens every port towards every address"),
	} with input as {"items": [given]}
}

test_a_rule_for_somebody_or_something_is_not_open if {
	given := policy({
		"policyTypes": ["Ingress", 5],
		"ingress": [
			{"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "prometheus"}}}]},
			{"from": [{"namespaceSelector": {}}], "ports": [{"port": 80}]},
			"odd",
		],
	})
	rule.warn == set() with input as {"items": [given]}
}

test_policies_of_other_makers_are_read_by_who_knows_them if {
	calico := object.union(policy({"ingress": [{"action": "Deny"}]}), {"apiVersion": "crd.projectcalico.org/v1"})
	rule.warn == set() with input as {"items": [calico]}
}
