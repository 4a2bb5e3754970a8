package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# Source: https://gateway.envoyproxy.io/docs/tasks/traffic/backend/
ways contains [nodes.node(backend), to] if {
	some backend in kubernetes.objects
	kubernetes.group(backend) == "gateway.envoyproxy.io"
	some endpoint in kubernetes.list(backend, ["spec", "endpoints"])
	host := nodes.parse_host(kubernetes.text(endpoint, ["fqdn", "hostname"]), kubernetes.namespace(backend))
	some to in nodes.resolve(host.namespace, host.name, kubernetes.value(endpoint, ["fqdn", "port"], null))
}

# A reference may leave out group, kind and namespace: a Service of the route's own namespace.
# Source: https://gateway-api.sigs.k8s.io/reference/spec/
openings contains opening(route, path, to) if {
	some route in kubernetes.objects
	kubernetes.kind(route) in route_kinds
	kubernetes.group(route) == "gateway.networking.k8s.io"
	not is_internal_route(route)
	some i, rule in kubernetes.list(route, ["spec", "rules"])
	some [field, backend] in route_backends(rule)
	kubernetes.value(backend, ["weight"], 1) != 0
	namespace := kubernetes.value(backend, ["namespace"], kubernetes.namespace(route))
	path := array.concat(["spec", "rules", i], field)
	some to in referred(backend, namespace)
}

route_kinds := {"GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute"}

# A Service of another cluster is imported under its own name.
referred(backend, namespace) := nodes.resolve(namespace, kubernetes.text(backend, ["name"]), port) if {
	kubernetes.value(backend, ["kind"], "Service") in {"Service", "ServiceImport"}
	port := kubernetes.value(backend, ["port"], null)
} else := {sprintf("Backend %s", [nodes.id(namespace, kubernetes.text(backend, ["name"]))])} if {
	kubernetes.text(backend, ["kind"]) == "Backend"
} else := set()

route_backends(rule) := array.concat(
	[[["backendRefs", j], backend] |
		some j, backend in kubernetes.list(rule, ["backendRefs"])
	],
	[[["filters", j, "requestMirror", "backendRef"], backend] |
		some j, filter in kubernetes.list(rule, ["filters"])
		backend := kubernetes.map(filter, ["requestMirror", "backendRef"])
	],
)

# A route that hangs on a Service only steers traffic inside the cluster.
is_internal_route(route) if {
	parents := kubernetes.list(route, ["spec", "parentRefs"])
	count(parents) > 0
	every parent in parents {
		is_internal_parent(route, parent)
	}
}

is_internal_parent(_, parent) if kubernetes.text(parent, ["kind"]) == "Service"

is_internal_parent(route, parent) if {
	nodes.id(parent_namespace(route, parent), kubernetes.text(parent, ["name"])) in internal_gateways
}

# Source: https://gateway-api.sigs.k8s.io/guides/multiple-ns/
is_internal_parent(route, parent) if {
	namespace := parent_namespace(route, parent)
	namespace != kubernetes.namespace(route)
	nodes.id(namespace, kubernetes.text(parent, ["name"])) in gateways_of_one_namespace
}

parent_namespace(route, parent) := kubernetes.value(parent, ["namespace"], kubernetes.namespace(route))

gateway_objects := [gateway |
	some gateway in kubernetes.objects
	kubernetes.kind(gateway) == "Gateway"
	kubernetes.group(gateway) == "gateway.networking.k8s.io"
]

gateways_of_one_namespace contains nodes.id(kubernetes.namespace(gateway), kubernetes.name(gateway)) if {
	some gateway in gateway_objects
	listeners := kubernetes.list(gateway, ["spec", "listeners"])
	count(listeners) > 0
	every listener in listeners {
		kubernetes.text(listener, ["allowedRoutes", "namespaces", "from"]) in {"None", "Same"}
	}
}

internal_gateways contains nodes.id(kubernetes.namespace(gateway), kubernetes.name(gateway)) if {
	some gateway in gateway_objects
	is_internal_gateway(gateway)
}

is_internal_gateway(gateway) if {
	regex.match(`(?i)internal|private|-rilb`, kubernetes.text(gateway, ["spec", "gatewayClassName"]))
}

is_internal_gateway(gateway) if nodes.is_internal({}, kubernetes.annotations(gateway))

is_internal_gateway(gateway) if {
	addresses := kubernetes.list(gateway, ["spec", "addresses"])
	count(addresses) > 0
	every address in addresses {
		nodes.is_private(kubernetes.text(address, ["value"]))
	}
}

is_internal_gateway(gateway) if {
	annotations := kubernetes.map(gateway, ["spec", "infrastructure", "annotations"])
	nodes.is_internal({}, nodes.only_strings(annotations))
}
