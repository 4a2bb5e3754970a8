package rules.security["wildcard-role_test"]

import data.rules.security["wildcard-role"] as rule

role(rules) := {
	"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
	"metadata": {"name": "a", "namespace": "asky"}, "rules": rules,
}

found(path, message) := {
	"message": message,
	"path": path,
	"resource": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "namespace": "asky", "name": "a"},
	"source": null,
	"trace": [],
}

test_every_field_is_named if {
	given := role([{"apiGroups": ["*"], "resources": ["pods"], "verbs": ["get", "*"]}, "odd"])
	rule.warn == {
		found(["rules", 0, "apiGroups"], "this rule is for all apiGroups"),
		found(["rules", 0, "verbs"], "this rule is for all verbs"),
	} with input as {"items": [given]}
}
