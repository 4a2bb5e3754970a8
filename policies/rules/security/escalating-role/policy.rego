# METADATA
# title: Escalating role
# description: |
#   Some rights give all others: to grant roles, to act as somebody else, to run commands in pods, to make tokens.
# custom:
#   remediation: |
#     Remove the verb or resource; grant cluster-admin to people for a time, never to an account of the stack.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
package rules.security["escalating-role"]

import data.lib.accounts
import data.lib.kubernetes
import data.lib.result

warn contains result.at(given.object, array.concat(given.path, ["verbs", i]), message) if {
	some given in accounts.rules
	some i, verb in kubernetes.list(given.rule, ["verbs"])
	verb in {"bind", "escalate", "impersonate"}
	count(kubernetes.list(given.rule, ["resourceNames"])) == 0
	message := sprintf("whoever has this role may %s, and so gain any right", [verb])
}

warn contains result.at(given.object, array.concat(given.path, ["resources", i]), message) if {
	some given in accounts.rules
	some i, resource in kubernetes.list(given.rule, ["resources"])
	needed := powerful[resource]
	count(needed & {verb | some verb in kubernetes.list(given.rule, ["verbs"])}) > 0
	message := sprintf("whoever has this role may use %s, and so whatever runs there", [resource])
}

warn contains result.at(binding, ["roleRef", "name"], "this binding gives every right there is") if {
	some binding in kubernetes.objects
	binding.roleRef.kind == "ClusterRole"
	binding.roleRef.name == "cluster-admin"
}

# Since a connection may be opened by GET, get is enough for exec and attach.
powerful := {
	"nodes/proxy": {"*", "create", "get"},
	"pods/attach": {"*", "create", "get"},
	"pods/exec": {"*", "create", "get"},
	"serviceaccounts/token": {"*", "create"},
}
