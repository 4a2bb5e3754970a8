package rules.security["secret-access_test"]

import data.rules.security["secret-access"] as rule

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

test_the_verbs_are_named if {
	given := role([{"apiGroups": [""], "resources": ["pods", "secrets"], "verbs": ["watch", "get", "create"]}])
	rule.warn == {
		found(["rules", 0, "resources"], "this role may get, watch every Secret of the namespace"),
	} with input as {"items": [given]}
}
