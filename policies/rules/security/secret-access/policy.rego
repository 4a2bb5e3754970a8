# METADATA
# title: Secret access
# description: |
#   An account that may read every Secret of a namespace or of the cluster has everybody's passwords, and with them
#   everybody's rights.
# custom:
#   remediation: |
#     Name the Secrets with resourceNames and allow get alone; or mount the one Secret into the pod.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
#   - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
package rules.security["secret-access"]

import data.lib.accounts
import data.lib.kubernetes
import data.lib.result

warn contains result.at(given.object, array.concat(given.path, ["resources"]), message) if {
	some given in accounts.rules
	"secrets" in kubernetes.list(given.rule, ["resources"])
	count({"", "*"} & {group | some group in kubernetes.list(given.rule, ["apiGroups"])}) > 0
	count(kubernetes.list(given.rule, ["resourceNames"])) == 0
	verbs := {verb | some verb in kubernetes.list(given.rule, ["verbs"])} & {"*", "get", "list", "watch"}
	count(verbs) > 0
	message := sprintf("this role may %s every Secret%s", [concat(", ", sort(verbs)), reach[given.object.kind]])
}

reach := {"ClusterRole": " of the namespaces it is bound in, or of the cluster", "Role": " of the namespace"}
