# METADATA
# title: Who leads to whom
# description: |
#   One file a provider of ways. `ways` are pairs of nodes; `openings` are fields that let the internet in: the
#   `resource` and the `path` of the field, what lies `via` on the way, and the node it leads `to`.
package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.result

# A Service leads to the workloads that answer on its target port.
ways contains [from, to] if {
	some service in nodes.services
	indices := nodes.selected(service)
	some port in service_ports(service)
	from := nodes.service_node(service, port.number)
	some to in nodes.answering(indices, port.target)
}

# Services of an operator's lead to its resource.
ways contains [from, service.leads_to] if {
	some service in nodes.services
	service.leads_to != null
	some from in nodes.of_service(service)
}

# A selector of an operator's labels needs no pod to be read.
ways contains [from, to] if {
	some service in nodes.services
	some to in nodes.named_by_selector(service)
	some port in service_ports(service)
	not nodes.is_metrics_port(port.target)
	from := nodes.service_node(service, port.number)
}

# An alias leads to what it names, whatever its port.
ways contains [from, to] if {
	some service in nodes.services
	kubernetes.text(service.spec, ["type"]) == "ExternalName"
	host := kubernetes.text(service.spec, ["externalName"])
	target := nodes.parse_host(host, kubernetes.namespace(service.object))
	some from in nodes.of_service(service)
	some to in nodes.resolve(target.namespace, target.name, null)
}

ways contains [from, to] if {
	some service in nodes.services
	kubernetes.text(service.spec, ["type"]) == "ExternalName"
	host := kubernetes.text(service.spec, ["externalName"])
	nodes.is_database_host(host)
	some from in nodes.of_service(service)
	to := sprintf("Host %s", [host])
}

openings contains entrance(service.object, path, to) if {
	some service in nodes.services
	some field in open_fields(service)
	path := array.concat(service.path, field)
	some to in nodes.of_service(service)
}

# A headless Service that external-dns publishes puts the pods themselves into public DNS.
openings contains entrance(service.object, path, to) if {
	some service in nodes.services
	kubernetes.text(service.spec, ["clusterIP"]) == "None"
	some annotation in ["external-dns.alpha.kubernetes.io/hostname", "external-dns.kubernetes.io/hostname"]
	host := service.annotations[annotation]
	not regex.match(`\.(?:internal|local|lan|private|corp|home\.arpa|svc|intranet)\.?$`, host)
	path := array.concat(array.slice(service.path, 0, count(service.path) - 1), ["metadata", "annotations", annotation])
	some to in nodes.of_service(service)
}

# METADATA
# description: What a field of an object opens by itself.
entrance(manifest, path, to) := {"resource": result.reference(manifest), "path": path, "via": [], "to": to}

# METADATA
# description: What an object opens by a reference; the way begins at the object.
opening(manifest, path, to) := {
	"resource": result.reference(manifest),
	"path": path,
	"via": [nodes.node(manifest)],
	"to": to,
}

service_ports(service) := service.ports if {
	count(service.ports) > 0
} else := [{"number": null, "target": null}]

open_fields(service) := array.concat(
	[["type"] | is_open_type(service)],
	[["externalIPs"] | count(kubernetes.list(service.spec, ["externalIPs"])) > 0],
)

is_open_type(service) if kubernetes.text(service.spec, ["type"]) == "NodePort"

is_open_type(service) if {
	kubernetes.text(service.spec, ["type"]) == "LoadBalancer"
	not nodes.is_internal(service.spec, service.annotations)
}
