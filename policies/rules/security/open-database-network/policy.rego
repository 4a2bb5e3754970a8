# METADATA
# title: Open database network
# description: |
#   Every pod of the cluster, or every address, may connect to a database: its NetworkPolicies let them in, or none
#   selects it. Whoever gets into any pod then only needs a password.
# custom:
#   remediation: |
#     Let one NetworkPolicy select the database's pods and name in `from` those that need it, by podSelector, with the
#     database's port. Policies add up: remove the wide rule, a narrow one beside it closes nothing.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
#   - ref: https://cloudnative-pg.io/documentation/current/networking/
package rules.security["open-database-network"]

import data.lib.graph.fences
import data.lib.result

deny contains result.traced(policy, open.path, message, [open.lets_in, to]) if {
	some open in fences.open_to_all
	policy := fences.policies[open.policy].object
	to := min(open.to)
	message := sprintf("this rule lets %s connect to a database", [open.lets_in])
}

warn contains result.at(open.object, open.path, "no NetworkPolicy says who may connect to this database") if {
	some open in fences.unfenced
}
