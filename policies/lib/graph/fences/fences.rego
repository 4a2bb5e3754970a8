# METADATA
# title: Who a database's fence lets in
# description: |
#   NetworkPolicies, evaluated: which pods each of them selects, the ones that operators make among them, and which
#   databases each of their rules opens to whom. Policies add up: a pod is as open as the widest rule of any of them.
package lib.graph.fences

import data.lib.graph.nodes
import data.lib.kubernetes

# METADATA
# description: |
#   The policies that say who may come in, each with its `object`, the `pods` it selects as indices into `nodes.pods`,
#   and the form it is written in.
policies := [policy |
	some manifest in kubernetes.objects
	form := forms[kubernetes.group(manifest)][kubernetes.kind(manifest)]
	applies(manifest)
	policy := {"object": manifest, "form": form, "pods": selected(form, manifest)}
]

forms := {
	"networking.k8s.io": {"NetworkPolicy": "kubernetes"},
	"cilium.io": {"CiliumClusterwideNetworkPolicy": "cilium", "CiliumNetworkPolicy": "cilium"},
	"crd.projectcalico.org": {"GlobalNetworkPolicy": "calico", "NetworkPolicy": "calico"},
	"projectcalico.org": {"GlobalNetworkPolicy": "calico", "NetworkPolicy": "calico"},
}

# A policy that says nothing of its types says who may come in.
applies(manifest) if count(types(manifest)) == 0

applies(manifest) if "Ingress" in types(manifest)

types(manifest) := array.concat(
	kubernetes.list(manifest, ["spec", "policyTypes"]),
	kubernetes.list(manifest, ["spec", "types"]),
)

selected("kubernetes", manifest) := nodes.selected_by(
	kubernetes.map(manifest, ["spec", "podSelector"]),
	kubernetes.namespace(manifest),
)

# Cilium puts the source of a label before its name.
selected("cilium", manifest) := nodes.selected_by({"matchLabels": labels}, scope(manifest)) if {
	labels := {trim_prefix(trim_prefix(key, "k8s:"), "any:"): value |
		some key, value in kubernetes.map(manifest, ["spec", "endpointSelector", "matchLabels"])
	}
}

# Of Calico's expressions those that ask for labels one by one.
selected("calico", manifest) := nodes.selected_by({"matchLabels": labels}, scope(manifest)) if {
	not is_beyond_labels(manifest)
	expression := kubernetes.text(manifest, ["spec", "selector"])
	asked := regex.find_all_string_submatch_n(`([\w./-]+) ?== ?["']([^"']*)["']`, expression, -1)
	labels := {key: value | some [_, key, value] in asked}
} else := set()

is_beyond_labels(manifest) if {
	expression := kubernetes.text(manifest, ["spec", "selector"])
	regex.replace(expression, `[\w./-]+ ?== ?["'][^"']*["']|all\(\)|&&|\s`, "") != ""
}

scope(manifest) := "*" if {
	contains(kubernetes.kind(manifest), "wide")
} else := "*" if {
	startswith(kubernetes.kind(manifest), "Global")
} else := kubernetes.namespace(manifest)

# METADATA
# description: |
#   The rules of those policies: the `policy`, as an index, the `path` of the rule, the `rule` and the databases it
#   opens, `to`.
rules := [opened |
	some i, policy in policies
	some j, rule in kubernetes.list(policy.object, ["spec", "ingress"])
	is_object(rule)
	not is_denial(rule)
	opened := {
		"policy": i,
		"path": ["spec", "ingress", j],
		"rule": rule,
		"to": {to | some target in targets(policy, rule); some to in nodes.answering(policy.pods, target)},
	}
]

is_denial(rule) if kubernetes.value(rule, ["action"], "Allow") != "Allow"

# The ports that a rule names, as `answering` takes them; null is every port.
targets(policy, rule) := {null} if {
	count(ports(policy.form, rule)) == 0
} else := {target |
	some port in ports(policy.form, rule)
	kubernetes.value(port, ["protocol"], "TCP") in {"TCP", "ANY"}
	some target in numbered(policy, port)
}

ports("kubernetes", rule) := kubernetes.list(rule, ["ports"])

ports("cilium", rule) := [port |
	some group in kubernetes.list(rule, ["toPorts"])
	some port in kubernetes.list(group, ["ports"])
]

ports("calico", rule) := [object.union(kubernetes.map(rule, ["protocol"]), calico_port(port)) |
	some port in kubernetes.list(rule, ["destination", "ports"])
]

# Calico writes a range as one text.
calico_port(port) := {"port": to_number(first), "endPort": to_number(last)} if {
	is_string(port)
	[_, first, last] := regex.find_all_string_submatch_n(`^([0-9]{1,5}):([0-9]{1,5})$`, port, 1)[0]
} else := {"port": port}

numbered(policy, port) := {number |
	some number in (ports_of(policy) | nodes.database_ports)
	number >= nodes.number_or_text(port.port)
	number <= port.endPort
} if {
	is_number(port.endPort)
} else := {nodes.number_or_text(kubernetes.value(port, ["port"], null))}

ports_of(policy) := {port.number |
	some i in policy.pods
	some container in nodes.pods[i].containers
	some port in container.ports
}

# METADATA
# description: The rules that name no source at all, or every pod of every namespace, by what they let in.
open_to_all := [object.union(opened, {"lets_in": lets_in}) |
	some opened in rules
	some lets_in in let_in(policies[opened.policy].form, opened.rule)
]

let_in("kubernetes", rule) := {"every address"} if {
	count(kubernetes.list(rule, ["from"])) == 0
} else := {"every pod of the cluster" |
	some peer in kubernetes.list(rule, ["from"])
	selects_everything(kubernetes.value(peer, ["namespaceSelector"], null))
	selects_everything(kubernetes.value(peer, ["podSelector"], {}))
}

let_in("cilium", rule) := {"every pod of the cluster" |
	some entity in kubernetes.list(rule, ["fromEntities"])
	entity in {"all", "cluster"}
}

let_in("calico", rule) := {"every address" | count(kubernetes.map(rule, ["source"])) == 0}

# Every namespace carries the label of its own name.
selects_everything(selector) if {
	is_object(selector)
	count(kubernetes.map(selector, ["matchLabels"])) == 0
	every expression in kubernetes.list(selector, ["matchExpressions"]) {
		kubernetes.text(expression, ["operator"]) == "Exists"
		kubernetes.text(expression, ["key"]) == "kubernetes.io/metadata.name"
	}
}

# METADATA
# description: |
#   The workloads that are databases and that no policy selects, as `object` and the `path` of what describes the pods.
unfenced := {{"object": pod.object, "path": pod.path} |
	some i, pod in nodes.pods
	not i in fenced
	some container in pod.containers
	container.class in {"database", "pooler"}
}

fenced := {i | some policy in policies; some i in policy.pods} | {i |
	# A policy that cannot be read may select any of them.
	some policy in policies
	is_beyond_labels(policy.object)
	some i in nodes.selected_by({}, scope(policy.object))
}
