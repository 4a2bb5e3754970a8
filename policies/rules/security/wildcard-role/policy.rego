# METADATA
# title: Wildcard role
# description: |
#   A role with * grants what exists today and whatever an operator installs tomorrow.
# custom:
#   remediation: |
#     Name the verbs, the resources and the API groups.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
package rules.security["wildcard-role"]

import data.lib.accounts
import data.lib.kubernetes
import data.lib.result

warn contains result.at(given.object, array.concat(given.path, [field]), message) if {
	some given in accounts.rules
	some field in ["apiGroups", "nonResourceURLs", "resources", "verbs"]
	"*" in kubernetes.list(given.rule, [field])
	message := sprintf("this rule is for all %s", [field])
}
