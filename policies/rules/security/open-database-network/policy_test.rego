package rules.security["open-database-network_test"]

import data.rules.security["open-database-network"] as rule

database := {
	"apiVersion": "apps/v1",
	"kind": "StatefulSet",
	"metadata": {"name": "postgres", "namespace": "asky"},
	"spec": {"template": {
		"metadata": {"labels": {"app": "postgres"}},
		"spec": {"containers": [{"name": "postgres", "image": "postgres:17", "ports": [{"containerPort": 5432}]}]},
	}},
}

policy(rules) := {
	"apiVersion": "networking.k8s.io/v1",
	"kind": "NetworkPolicy",
	"metadata": {"name": "postgres", "namespace": "asky"},
	"spec": {"podSelector": {"matchLabels": {"app": "postgres"}}, "ingress": rules},
}

test_a_rule_without_a_source_is_an_error_and_says_who_comes_in if {
	rule.deny == {{
		"message": "this rule lets every address connect to a database",
		"path": ["spec", "ingress", 1],
		"resource": {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "namespace": "asky", "name": "postgres"},
		"source": null,
		"trace": ["every address", "StatefulSet asky/postgres"],
	}} with input as {"items": [database, policy([{"from": [{"podSelector": {}}]}, {}])]}
}

test_a_database_that_no_policy_selects_is_a_warning if {
	rule.warn == {{
		"message": "no NetworkPolicy says who may connect to this database",
		"path": ["spec", "template"],
		"resource": {"apiVersion": "apps/v1", "kind": "StatefulSet", "namespace": "asky", "name": "postgres"},
		"source": null,
		"trace": [],
	}} with input as {"items": [database]}
	rule.warn == set() with input as {"items": [database, policy([])]}
}

test_an_unreadable_rule_lets_nobody_in if {
	rule.deny == set() with input as {"items": [database, policy(["oops", null, {"from": ["oops"]}])]}
}
