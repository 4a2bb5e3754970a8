package lib.graph.nodes

import data.lib.kubernetes

# METADATA
# description: What a name is shown as; the default namespace goes without saying.
id(namespace, name) := name if {
	namespace == "default"
} else := sprintf("%s/%s", [namespace, name])

# METADATA
# description: The node of a workload or of a custom resource.
node(manifest) := sprintf("%s %s", [
	kubernetes.kind(manifest),
	id(kubernetes.namespace(manifest), kubernetes.name(manifest)),
])

# METADATA
# description: Every pod a Service may select, with the class and the ports of each lasting container.
pods := array.concat(
	[pod |
		some given in kubernetes.pods
		pod := {
			"node": node(given.object),
			"object": given.object,
			"path": array.slice(given.path, 0, count(given.path) - 1),
			"namespace": kubernetes.namespace(given.object),
			"labels": labels_of(given),
			"containers": [in_pod(given, described.container) | some described in kubernetes.lasting_containers(given)],
		}
	],
	operated_pods,
)

labels_of(pod) := object.union(pod.labels, {"statefulset.kubernetes.io/pod-name": kubernetes.name(pod.object)}) if {
	kubernetes.kind(pod.object) == "StatefulSet"
} else := pod.labels

# METADATA
# description: A container with its class, seen in its pod, and its ports.
in_pod(pod, container) := {"class": class_in(pod, container), "ports": container_ports(container)}

# What only the author knows, or only the labels say, counts as much as the image.
class_in(pod, container) := "database" if {
	is_configured(pod.object)
} else := "pooler" if {
	kubernetes.kind(pod.object) == "Pooler"
	kubernetes.text(container, ["name"]) == "pgbouncer"
} else := found if {
	found := class(container)
	found != "other"
} else := "database" if {
	says_database(pod.labels)
	every port in container_ports(container) {
		not is_web_port(port)
	}
} else := "other"

is_web_port(port) if regex.match(`^(?:https?|web|grpc|api|ui|admin|metrics)`, port.name)

is_web_port(port) if port.number in {80, 443, 3000, 5000, 9090}

is_web_port(port) if {
	port.number >= 8000
	port.number < 9000
}

container_ports(container) := [port |
	some given in kubernetes.list(container, ["ports"])
	port := {"name": kubernetes.text(given, ["name"]), "number": kubernetes.value(given, ["containerPort"], 0)}
]

# METADATA
# description: Every Service, written out or made by an operator.
services := array.concat(
	[service |
		some written in kubernetes.objects
		written.kind == "Service"
		kubernetes.group(written) == ""
		service := {
			"id": id(kubernetes.namespace(written), kubernetes.name(written)),
			"object": written,
			"path": ["spec"],
			"annotations": kubernetes.annotations(written),
			"spec": kubernetes.map(written, ["spec"]),
			"ports": ports_or(kubernetes.map(written, ["spec"]), []),
			"leads_to": null,
		}
	],
	array.concat(operated_services, managed_services),
)

ports_or(spec, otherwise) := ports if {
	ports := [port |
		some given in kubernetes.list(spec, ["ports"])
		number := kubernetes.value(given, ["port"], null)
		port := {
			"number": number,
			"name": kubernetes.text(given, ["name"]),
			"target": target_or(kubernetes.value(given, ["targetPort"], null), number),
		}
	]
	count(ports) > 0
} else := otherwise

target_or(target, _) := number_or_text(target) if target != null

target_or(null, otherwise) := otherwise

# METADATA
# description: A port; those of annotations, URLs and such are strings even when they are numbers.
number_or_text(port) := to_number(port) if {
	is_string(port)
	regex.match(`^[0-9]{1,5}$`, port)
} else := port

# METADATA
# description: The nodes of a Service's ports; one without ports is a node without a port.
of_service(service) := {service_node(service, port.number) | some port in service.ports} if {
	count(service.ports) > 0
} else := {service_node(service, null)}

service_node(service, null) := sprintf("Service %s", [service.id])

service_node(service, number) := sprintf("Service %s:%v", [service.id, number]) if number != null

services_by_id := {key: indices |
	some key in {service.id | some service in services}
	indices := {i | some i, service in services; service.id == key}
}

# METADATA
# description: |
#   The nodes that a reference to a Service leads to; the port is a number, a name or null for every port. A Service
#   that is not among the objects is a node too: its port may still tell what it is.
resolve(namespace, name, port) := resolved(id(namespace, name), port)

resolved(key, port) := nodes if {
	indices := services_by_id[key]
	nodes := {found |
		some i in indices
		some found in matching(services[i], port)
	}
} else := {service_node({"id": key}, port)}

matching(service, port) := of_service(service) if {
	port == null
} else := of_service(service) if {
	kubernetes.text(service.spec, ["type"]) == "ExternalName"
} else := {service_node(service, found.number) |
	some found in service.ports
	port in {found.number, found.name, sprintf("%v", [found.number])}
}

# METADATA
# description: |
#   A reference as configuration files write it: `name`, `name.namespace`, `name.namespace.svc.cluster.local`, seen
#   from a namespace.
parse_host(host, namespace) := {"name": parts[0], "namespace": namespace} if {
	parts := split(trim_suffix(lower(host), "."), ".")
	count(parts) == 1
} else := {"name": parts[0], "namespace": parts[1]} if {
	parts := split(trim_suffix(lower(host), "."), ".")
	count(parts) == 2
} else := {"name": parts[0], "namespace": parts[1]} if {
	parts := split(trim_suffix(lower(host), "."), ".")
	parts[2] == "svc"
}
