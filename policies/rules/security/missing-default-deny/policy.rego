# METADATA
# title: Missing default deny
# description: |
#   Unless a policy closes a namespace, every pod of the cluster reaches every pod in it, and each of them the
#   internet.
# custom:
#   remediation: |
#     Add a NetworkPolicy with podSelector: {} and policyTypes: [Ingress, Egress], and one more for each connection
#     that is meant.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
package rules.security["missing-default-deny"]

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.networks
import data.lib.result

warn contains result.at(place, path, message) if {
	not networks.has_others
	some namespace in inhabited
	open := [direction |
		some direction in ["Ingress", "Egress"]
		not [namespace, direction] in closed
	]
	count(open) > 0
	[place, path] := place_of(namespace)
	message := sprintf("nothing closes the namespace %s by default: no policy for every pod governs its %s", [
		namespace,
		concat(" and ", open),
	])
}

inhabited := {kubernetes.namespace(pod.object) | some pod in kubernetes.pods} - {"kube-system"}

closed contains [kubernetes.namespace(policy), direction] if {
	some policy in networks.policies
	networks.is_for_every_pod(policy)
	some direction, rules in networks.directions(policy)
	every rule in rules {
		not networks.open_to(rule, networks.peers[direction])
	}
}

place_of(namespace) := array.concat(
	[[written, ["metadata", "name"]] | written := namespaces[namespace]],
	[[kubernetes.pods[min(nodes.pods_in[namespace])].object, ["metadata", "namespace"]]],
)[0]

# Loose files may write a namespace twice.
namespaces := object.union_n([{kubernetes.name(written): written} |
	some written in kubernetes.objects
	kubernetes.kind(written) == "Namespace"
])
