package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# Without a gateway, or with `mesh` alone, a VirtualService steers traffic inside the mesh. A match may name other
# gateways than the service does, and a public service may delegate to another one.
# Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/
openings contains opening(service, path, to) if {
	some service in kubernetes.objects
	kubernetes.kind(service) == "VirtualService"
	kubernetes.group(service) == "networking.istio.io"
	some protocol in ["http", "tls", "tcp"]
	some i, rule in kubernetes.list(service, ["spec", protocol])
	some gateway in gateways_of(service, rule)
	not is_internal_mesh_gateway(service, gateway)
	some [field, destination] in destinations(rule)
	path := array.concat(["spec", protocol, i], field)
	host := nodes.parse_host(kubernetes.text(destination, ["host"]), kubernetes.namespace(service))
	some to in nodes.resolve(host.namespace, host.name, kubernetes.value(destination, ["port", "number"], null))
}

gateways_of(service, rule) := gateways if {
	gateways := {gateway |
		some match in kubernetes.list(rule, ["match"])
		some gateway in kubernetes.list(match, ["gateways"])
	}
	count(gateways) > 0
} else := {gateway | some gateway in kubernetes.list(service, ["spec", "gateways"])} if {
	count(kubernetes.list(service, ["spec", "gateways"])) > 0
} else := object.get(delegating, nodes.id(kubernetes.namespace(service), kubernetes.name(service)), set())

delegating := {inner: gateways |
	some inner in {delegation[0] | some delegation in delegations}
	gateways := {delegation[1] | some delegation in delegations; delegation[0] == inner}
}

delegations := [[nodes.id(namespace, kubernetes.text(rule, ["delegate", "name"])), gateway] |
	some outer in kubernetes.objects
	kubernetes.kind(outer) == "VirtualService"
	some rule in kubernetes.list(outer, ["spec", "http"])
	namespace := kubernetes.value(rule, ["delegate", "namespace"], kubernetes.namespace(outer))
	some name in kubernetes.list(outer, ["spec", "gateways"])
	gateway := absolute(outer, name)
]

# The mesh is the same one from everywhere.
absolute(service, name) := "mesh" if {
	name == "mesh"
} else := concat("/", array.slice(full, count(full) - 2, count(full))) if {
	full := array.concat([kubernetes.namespace(service)], split(sprintf("%v", [name]), "/"))
}

destinations(rule) := array.concat(
	[[["route", j, "destination"], destination] |
		some j, route in kubernetes.list(rule, ["route"])
		kubernetes.value(route, ["weight"], 1) != 0
		destination := kubernetes.map(route, ["destination"])
	],
	array.concat(
		[[["mirror"], kubernetes.map(rule, ["mirror"])]],
		[[["mirrors", j, "destination"], destination] |
			some j, mirror in kubernetes.list(rule, ["mirrors"])
			destination := kubernetes.map(mirror, ["destination"])
		],
	),
)

is_internal_mesh_gateway(_, "mesh") := true

is_internal_mesh_gateway(service, name) if absolute(service, name) in internal_mesh_gateways

internal_mesh_gateways contains sprintf("%s/%s", [kubernetes.namespace(gateway), kubernetes.name(gateway)]) if {
	some gateway in kubernetes.objects
	kubernetes.kind(gateway) == "Gateway"
	kubernetes.group(gateway) == "networking.istio.io"
	some value in kubernetes.map(gateway, ["spec", "selector"])
	regex.match(`(?i)internal|private|egress`, sprintf("%v", [value]))
}
