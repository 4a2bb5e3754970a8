package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# A Service without a selector leads where its Endpoints or EndpointSlices say.
ways contains [from, to] if {
	some service in nodes.services
	service.path == ["spec"]
	count(kubernetes.map(service.spec, ["selector"])) == 0
	some endpoint in endpoints[service.id]
	some port in service_ports(service)
	from := nodes.service_node(service, port.number)
	some to in endpoint_nodes(endpoint, port)
}

endpoints := {key: found | some key, found in found_endpoints}

found_endpoints[nodes.id(kubernetes.namespace(written), kubernetes.name(written))] contains endpoint if {
	some written in kubernetes.objects
	written.kind == "Endpoints"
	some subset in kubernetes.list(written, ["subsets"])
	some address in kubernetes.list(subset, ["addresses"])
	endpoint := endpoint_of(written, address, kubernetes.list(subset, ["ports"]))
}

found_endpoints[nodes.id(kubernetes.namespace(written), service)] contains endpoint if {
	some written in kubernetes.objects
	written.kind == "EndpointSlice"
	service := kubernetes.text(written, ["metadata", "labels", "kubernetes.io/service-name"])
	some address in kubernetes.list(written, ["endpoints"])
	endpoint := endpoint_of(written, address, kubernetes.list(written, ["ports"]))
}

endpoint_of(written, address, ports) := {
	"node": nodes.node(written),
	"namespace": kubernetes.namespace(written),
	"target": kubernetes.text(address, ["targetRef", "name"]),
	"ports": [port | some port in ports; is_object(port)],
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

pods_by_owner := {key: indices | some key, indices in indices_by_owner}

indices_by_owner[sprintf("%s/%s", [pod.namespace, name])] contains i if {
	some i, pod in nodes.pods
	name := regex.replace(pod.node, `^.*[ /]`, "")
}
