package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# A Service without a selector leads where its Endpoints or EndpointSlices say.
ways contains [from, to] if {
	some service in nodes.services
	some endpoint in endpoints[service.id]
	count(kubernetes.map(service.spec, ["selector"])) == 0
	some port in service_ports(service)
	from := nodes.service_node(service, port.number)
	some to in endpoint_nodes(endpoint, port)
}

endpoints := {service: found |
	some service in {endpoint.service | some endpoint in all_endpoints}
	found := {endpoint | some endpoint in all_endpoints; endpoint.service == service}
}

all_endpoints contains endpoint_of(written, kubernetes.name(written), address, kubernetes.list(subset, ["ports"])) if {
	some written in kubernetes.objects
	written.kind == "Endpoints"
	some subset in kubernetes.list(written, ["subsets"])
	some address in kubernetes.list(subset, ["addresses"])
}

all_endpoints contains endpoint_of(written, service, address, kubernetes.list(written, ["ports"])) if {
	some written in kubernetes.objects
	written.kind == "EndpointSlice"
	service := kubernetes.text(written, ["metadata", "labels", "kubernetes.io/service-name"])
	some address in kubernetes.list(written, ["endpoints"])
}

endpoint_of(written, service, address, ports) := {
	"service": nodes.id(kubernetes.namespace(written), service),
	"node": nodes.node(written),
	"namespace": kubernetes.namespace(written),
	"target": kubernetes.text(address, ["targetRef", "name"]),
	"ports": ports,
}

# The pod of a StatefulSet or of an operator's instance has the owner's name and a number.
endpoint_nodes(endpoint, port) := found if {
	indices := {i |
		owner := regex.replace(endpoint.target, `-[0-9]+$`, "")
		some name in {owner, endpoint.target}
		some i in pods_by_owner[sprintf("%s/%s", [endpoint.namespace, name])]
	}
	count(indices) > 0
	found := nodes.answering(indices, port.target)
} else := {endpoint.node} if {
	some given in endpoint.ports
	some shown in [kubernetes.value(given, ["port"], null), kubernetes.value(given, ["name"], null), port.target]
	nodes.is_database_port(shown)
} else := set()

pods_by_owner := {owner: indices |
	some owner in {owner | some owner in owners}
	indices := {i | some i, name in owners; name == owner}
}

owners := [sprintf("%s/%s", [pod.namespace, regex.replace(pod.node, `^.*[ /]`, "")]) | some pod in nodes.pods]
