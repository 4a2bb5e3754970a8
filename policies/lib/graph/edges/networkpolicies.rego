package lib.graph.edges

import data.lib.graph.fences
import data.lib.graph.nodes
import data.lib.kubernetes

# A policy that lets in the whole internet by address, by itself or together with its neighbours.
openings contains opening(fences.policies[admission.policy].object, admission.path, admission.to) if {
	some admission in admissions
	is_wide(admission)
}

# Cilium and Calico name the internet in ways of their own.
openings contains opening(fences.policies[opened.policy].object, array.concat(opened.path, field), to) if {
	some opened in fences.rules
	some field in world(opened.rule)
	some to in opened.to
}

is_wide(admission) if nodes.is_wide_without(admission.cidr, admission.except)

is_wide(admission) if {
	count(admission.except) == 0
	admission.cidr in wide_blocks[admission.to]
}

world(rule) := array.concat(
	[["fromEntities"] |
		some entity in kubernetes.list(rule, ["fromEntities"])
		entity in {"all", "world", "world-ipv4", "world-ipv6"}
	],
	[field |
		some field in [["fromCIDR"], ["source", "nets"]]
		count(nodes.wide(kubernetes.list(rule, field))) > 0
	],
)

wide_blocks := {to: nodes.wide(blocks) |
	some to in {admission.to | some admission in admissions}
	blocks := {admission.cidr | some admission in admissions; admission.to == to; count(admission.except) == 0}
}

# Every block of addresses that some rule lets in to a database.
admissions := [admission |
	some opened in fences.rules
	some i, peer in kubernetes.list(opened.rule, ["from"])
	cidr := kubernetes.text(peer, ["ipBlock", "cidr"])
	cidr != ""
	some to in opened.to
	admission := {
		"policy": opened.policy,
		"path": array.concat(opened.path, ["from", i, "ipBlock", "cidr"]),
		"cidr": cidr,
		"except": kubernetes.list(peer, ["ipBlock", "except"]),
		"to": to,
	}
]
