package lib.accounts_test

import data.lib.accounts

group := "rbac.authorization.k8s.io/v1"

test_only_a_service_account_of_kubernetes_mounts_a_token if {
	items := [
		{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "auth"}, "automountServiceAccountToken": false},
		{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "auth"}},
		{"apiVersion": "iam.example.org/v1", "kind": "ServiceAccount", "metadata": {"name": "auth"}},
	]
	accounts.written == {["default", "auth"]: false} with input as {"items": items}
}

test_a_user_of_the_same_name_is_no_account if {
	subjects := [
		{"kind": "User", "name": "auth", "namespace": "asky"},
		{"kind": "ServiceAccount", "name": "gateway", "namespace": "asky"},
	]
	items := [{"apiVersion": group, "kind": "RoleBinding", "metadata": {"name": "a"}, "subjects": subjects}]
	accounts.bound == {["asky", "gateway"]} with input as {"items": items}
}

test_the_rules_of_an_audit_policy_grant_nothing if {
	granted := {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
	items := [
		{"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "rules": [{"level": "Metadata", "verbs": ["*"]}]},
		{"apiVersion": group, "kind": "Role", "metadata": {"name": "a"}, "rules": [granted]},
	]
	[given.rule | some given in accounts.rules] == [granted] with input as {"items": items}
}
