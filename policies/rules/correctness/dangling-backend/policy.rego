# METADATA
# title: Dangling backend
# description: |
#   A route leads to a Service, or to a port of one, that does not exist: every request is answered 503.
# custom:
#   remediation: |
#     Name a Service of the same namespace and one of its ports.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/
#   - ref: https://gateway-api.sigs.k8s.io/api-types/httproute/
package rules.correctness["dangling-backend"]

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.result

warn contains result.at(given.object, array.concat(given.path, ["name"]), message) if {
	some given in backends
	not nodes.services_by_id[given.id]
	message := sprintf("there is no Service %s here", [given.id])
}

warn contains result.at(given.object, given.port_path, message) if {
	some given in backends
	given.port != null
	indices := nodes.services_by_id[given.id]
	ports := {port |
		some i in indices
		some declared in nodes.services[i].ports
		some port in [declared.name, declared.number]
	}
	count(ports) > 0
	not given.port in ports
	message := sprintf("the Service %s has no port %v", [given.id, given.port])
}

backends := array.concat(of_ingresses, of_routes)

of_ingresses := [backend |
	some ingress in kubernetes.objects
	kubernetes.kind(ingress) == "Ingress"
	kubernetes.group(ingress) == "networking.k8s.io"
	some path in paths_of(ingress)
	service := kubernetes.map(ingress, path)
	name := kubernetes.text(service, ["name"])
	name != ""
	kubernetes.text(service, ["port", "name"]) != "use-annotation"
	some field in ["name", "number"]
	backend := {
		"object": ingress,
		"path": path,
		"port_path": array.concat(path, ["port", field]),
		"id": nodes.id(kubernetes.namespace(ingress), name),
		"port": kubernetes.value(service, ["port", field], null),
	}
]

paths_of(ingress) := array.concat(
	[["spec", "defaultBackend", "service"]],
	[["spec", "rules", i, "http", "paths", j, "backend", "service"] |
		some i, rule in kubernetes.list(ingress, ["spec", "rules"])
		some j, _ in kubernetes.list(rule, ["http", "paths"])
	],
)

# A reference into another namespace may lead to what is not judged here.
of_routes := [backend |
	some route in kubernetes.objects
	kubernetes.kind(route) in {"GRPCRoute", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute"}
	kubernetes.group(route) == "gateway.networking.k8s.io"
	some i, rule in kubernetes.list(route, ["spec", "rules"])
	some j, given in kubernetes.list(rule, ["backendRefs"])
	kubernetes.value(given, ["kind"], "Service") == "Service"
	namespace := kubernetes.namespace(route)
	kubernetes.value(given, ["namespace"], namespace) == namespace
	name := kubernetes.text(given, ["name"])
	name != ""
	path := ["spec", "rules", i, "backendRefs", j]
	backend := {
		"object": route,
		"path": path,
		"port_path": array.concat(path, ["port"]),
		"id": nodes.id(namespace, name),
		"port": kubernetes.value(given, ["port"], null),
	}
]
