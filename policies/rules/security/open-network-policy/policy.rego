# METADATA
# title: Open network policy
# description: |
#   A rule that admits everybody on every port takes back what the policy, and the default that denies, is there for.
# custom:
#   remediation: |
#     Name who may connect (podSelector, namespaceSelector with labels) and on which ports.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
package rules.security["open-network-policy"]

import data.lib.networks
import data.lib.result

warn contains result.at(policy, ["spec", lower(direction), i], message) if {
	some policy in networks.policies
	some direction, rules in networks.directions(policy)
	some i, rule in rules
	whom := networks.open_to(rule, networks.peers[direction])
	message := sprintf("this rule opens every port %s %s", [towards[direction], whom])
}

towards := {"Egress": "towards", "Ingress": "to"}
