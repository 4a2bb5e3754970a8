package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# A port of the node is as public as the node.
openings contains entrance(pod.object, path, nodes.node(pod.object)) if {
	some pod in host_pods
	not uses_host_network(pod)
	some described in kubernetes.lasting_containers(pod)
	container := nodes.in_pod(pod, described.container)
	some i, given in kubernetes.list(described.container, ["ports"])
	is_open_host_port(given)
	some port in nodes.container_ports({"ports": [given]})
	nodes.opens(container, port)
	path := array.concat(described.path, ["ports", i, "hostPort"])
}

openings contains entrance(pod.object, path, nodes.node(pod.object)) if {
	some pod in host_pods
	uses_host_network(pod)
	some described in kubernetes.lasting_containers(pod)
	listens_for_database(nodes.in_pod(pod, described.container))
	path := array.concat(pod.path, ["hostNetwork"])
}

# Operators lay templates over pods of their own.
openings contains entrance(custom, array.concat(["spec"], field), nodes.node(custom)) if {
	some custom in nodes.operated
	walk(kubernetes.map(custom, ["spec"]), [field, value])
	is_host_field(field[count(field) - 1], value)
}

# The containers of a Pooler's template are laid over the operator's own.
host_pods := array.concat(kubernetes.pods, [pod |
	some pooler in nodes.poolers_of_cnpg
	pod := {
		"object": pooler,
		"path": ["spec", "template", "spec"],
		"spec": kubernetes.map(pooler, ["spec", "template", "spec"]),
		"labels": {},
	}
])

uses_host_network(pod) if pod.spec.hostNetwork == true

is_open_host_port(port) if {
	is_number(port.hostPort)
	port.hostPort > 0
	not nodes.is_private(kubernetes.text(port, ["hostIP"]))
}

listens_for_database(container) if {
	container.class in nodes.data_classes
}

listens_for_database(container) if {
	some port in container.ports
	nodes.opens(container, port)
}

is_host_field("hostNetwork", true) := true

is_host_field("hostPort", port) if {
	is_number(port)
	port > 0
}
