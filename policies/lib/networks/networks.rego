# METADATA
# title: NetworkPolicies
# description: What a NetworkPolicy is for and whom its rules admit, by itself.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/network-policies/
package lib.networks

import data.lib.kubernetes

# METADATA
# description: The NetworkPolicies among the objects.
policies := [policy |
	some policy in kubernetes.objects
	kubernetes.kind(policy) == "NetworkPolicy"
	kubernetes.group(policy) == "networking.k8s.io"
]

# METADATA
# description: A policy's rules of each direction that it governs; one that says nothing governs what comes in.
directions(policy) := {direction: kubernetes.list(policy, ["spec", lower(direction)]) |
	some direction in types_of(policy)
	direction in {"Egress", "Ingress"}
}

types_of(policy) := types if {
	types := kubernetes.list(policy, ["spec", "policyTypes"])
	count(types) > 0
} else := ["Ingress", "Egress"] if {
	"egress" in object.keys(kubernetes.map(policy, ["spec"]))
} else := ["Ingress"]

# METADATA
# description: A policy is for every pod of its namespace.
is_for_every_pod(policy) if {
	count(kubernetes.map(policy, ["spec", "podSelector", "matchLabels"])) == 0
	count(kubernetes.list(policy, ["spec", "podSelector", "matchExpressions"])) == 0
}

# METADATA
# description: Whom a rule lets through on every port, in words; undefined when it is for somebody or something.
open_to(rule, peers) := "everybody" if {
	is_object(rule)
	count(kubernetes.list(rule, ["ports"])) == 0
	count(kubernetes.list(rule, [peers])) == 0
} else := "every address" if {
	count(kubernetes.list(rule, ["ports"])) == 0
	some peer in kubernetes.list(rule, [peers])
	regex.match(`/[01]$`, kubernetes.text(peer, ["ipBlock", "cidr"]))
	count(kubernetes.list(peer, ["ipBlock", "except"])) == 0
} else := "every pod of every namespace" if {
	count(kubernetes.list(rule, ["ports"])) == 0
	some peer in kubernetes.list(rule, [peers])
	kubernetes.value(peer, ["namespaceSelector"], null) == {}
	kubernetes.value(peer, ["podSelector"], {}) == {}
}

# METADATA
# description: The field of a rule that names the other side.
peers := {"Egress": "to", "Ingress": "from"}

# Policies of other makers are not read: who has them knows what is denied.
others := {
	"AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "CiliumClusterwideNetworkPolicy", "CiliumNetworkPolicy",
	"ClusterNetworkPolicy", "GlobalNetworkPolicy",
}

# METADATA
# description: There are policies of makers whose meaning is not known here.
has_others if {
	some custom in kubernetes.objects
	kubernetes.kind(custom) in others
}
