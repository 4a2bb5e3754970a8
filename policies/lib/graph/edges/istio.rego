package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# Without a gateway, or with `mesh` alone, a VirtualService steers traffic inside the mesh.
# Source: https://istio.io/latest/docs/reference/config/networking/virtual-service/
openings contains opening(service, path, to) if {
	some service in kubernetes.objects
	kubernetes.kind(service) == "VirtualService"
	kubernetes.group(service) == "networking.istio.io"
	some gateway in kubernetes.list(service, ["spec", "gateways"])
	not is_internal_mesh_gateway(service, gateway)
	some protocol in ["http", "tls", "tcp"]
	some i, rule in kubernetes.list(service, ["spec", protocol])
	some [field, destination] in destinations(rule)
	path := array.concat(["spec", protocol, i], field)
	host := nodes.parse_host(kubernetes.text(destination, ["host"]), kubernetes.namespace(service))
	some to in nodes.resolve(host.namespace, host.name, kubernetes.value(destination, ["port", "number"], null))
}

destinations(rule) := array.concat(
	[[["route", j, "destination"], destination] |
		some j, route in kubernetes.list(rule, ["route"])
		destination := kubernetes.map(route, ["destination"])
	],
	array.concat(
		[[["mirror"], destination] |
			destination := kubernetes.map(rule, ["mirror"])
			count(destination) > 0
		],
		[[["mirrors", j, "destination"], destination] |
			some j, mirror in kubernetes.list(rule, ["mirrors"])
			destination := kubernetes.map(mirror, ["destination"])
		],
	),
)

is_internal_mesh_gateway(_, "mesh") := true

is_internal_mesh_gateway(service, name) if {
	full := array.concat([kubernetes.namespace(service)], split(sprintf("%v", [name]), "/"))
	concat("/", array.slice(full, count(full) - 2, count(full))) in internal_mesh_gateways
}

internal_mesh_gateways contains sprintf("%s/%s", [kubernetes.namespace(gateway), kubernetes.name(gateway)]) if {
	some gateway in kubernetes.objects
	kubernetes.kind(gateway) == "Gateway"
	kubernetes.group(gateway) == "networking.istio.io"
	some value in kubernetes.map(gateway, ["spec", "selector"])
	regex.match(`(?i)internal|private|egress`, sprintf("%v", [value]))
}
