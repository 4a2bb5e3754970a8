package rules.security["escalating-role_test"]

import data.rules.security["escalating-role"] as rule

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

test_verb_and_resource_are_named if {
	given := role([
		{"apiGroups": ["rbac.authorization.k8s.io"], "resources": ["roles"], "verbs": ["get", "escalate"]},
		{"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"]},
	])
	rule.warn == {
		found(["rules", 0, "verbs", 1], "whoever has this role may escalate, and so gain any right"),
		found(["rules", 1, "resources", 0], "whoever has this role may use pods/exec, and so whatever runs there"),
	} with input as {"items": [given]}
}

test_a_role_of_a_namespace_may_have_any_name if {
	binding := {
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
		"metadata": {"name": "a", "namespace": "asky"}, "roleRef": {"kind": "Role", "name": "cluster-admin"},
	}
	rule.warn == set() with input as {"items": [binding]}
}
