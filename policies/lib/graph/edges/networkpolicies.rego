package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# A policy that lets in the whole internet by address.
openings contains opening(policy, path, to) if {
	some policy in network_policies
	some i, rule in kubernetes.list(policy, ["spec", "ingress"])
	some j in internet_blocks(rule)
	path := ["spec", "ingress", i, "from", j, "ipBlock", "cidr"]
	some to in admitted(policy, rule)
}

# METADATA
# description: |
#   Rules of policies that name no source at all, as `object` and `path`: they let every address connect to a database,
#   the internet included should anything else lead there.
unfenced contains {"object": policy, "path": ["spec", "ingress", i]} if {
	some policy in network_policies
	some i, rule in kubernetes.list(policy, ["spec", "ingress"])
	is_object(rule)
	count(kubernetes.list(rule, ["from"])) == 0
	count(admitted(policy, rule)) > 0
}

network_policies := [policy |
	some policy in kubernetes.objects
	kubernetes.kind(policy) == "NetworkPolicy"
	kubernetes.group(policy) == "networking.k8s.io"
]

# Blocks of one rule that hold a good part of the internet, less what they leave out.
internet_blocks(rule) := {j |
	some j, peer in kubernetes.list(rule, ["from"])
	cidr := kubernetes.text(peer, ["ipBlock", "cidr"])
	cidr != ""
	not nodes.is_narrow(cidr)
	not is_emptied(peer)
}

is_emptied(peer) if {
	some left_out in kubernetes.list(peer, ["ipBlock", "except"])
	not nodes.is_narrow(left_out)
}

# The databases behind the ports a rule names; without ports every one.
admitted(policy, rule) := {to |
	indices := nodes.selected_by(policy, ["spec", "podSelector"])
	some target in targets(rule)
	some to in nodes.answering(indices, target)
}

targets(rule) := {kubernetes.value(port, ["port"], null) | some port in kubernetes.list(rule, ["ports"])} if {
	count(kubernetes.list(rule, ["ports"])) > 0
} else := {null}
