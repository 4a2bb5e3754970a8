package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# The routes of further ingress controllers, and tunnels. Each names Services in its own way: as `host:port` in one
# text, or as a name and a port side by side.
controllers := {
	"apisix.apache.org": {"ApisixRoute", "ApisixUpstream"},
	"getambassador.io": {"Mapping", "TCPMapping"},
	"ingress.k8s.ngrok.com": {"TCPEdge", "TLSEdge"},
	"ingress.v1.haproxy.org": {"TCP"},
	"k8s.nginx.org": {"TransportServer", "VirtualServer", "VirtualServerRoute"},
	"networking.cfargotunnel.com": {"TunnelBinding"},
	"ngrok.k8s.ngrok.com": {"AgentEndpoint", "TCPEdge", "TLSEdge"},
	"operator.inlets.dev": {"Tunnel"},
}

openings contains opening(route, array.concat([field], path), to) if {
	some route in kubernetes.objects
	kubernetes.kind(route) in controllers[kubernetes.group(route)]
	some field in ["spec", "subjects"]
	walk(kubernetes.value(route, [field], {}), [path, value])
	some to in backend_nodes(value, path, kubernetes.namespace(route))
}

backend_nodes(value, path, namespace) := nodes.mentioned(value, namespace) if {
	is_string(value)
} else := nodes.resolve(target.namespace, target.name, nodes.number_or_text(port)) if {
	name := [text | some field in ["serviceName", "service"]; text := kubernetes.text(value, [field]); text != ""][0]
	target := nodes.parse_host(name, namespace)
	port := kubernetes.value(value, ["servicePort"], kubernetes.value(value, ["port"], null))
	port != null
} else := nodes.resolve(own, name, kubernetes.value(value, ["port"], null)) if {
	names_service(value, path[count(path) - 1])
	name := kubernetes.text(value, ["name"])
	own := kubernetes.value(value, ["namespace"], namespace)
} else := set()

names_service(_, field) if field in {"service", "serviceRef"}

names_service(value, _) if kubernetes.text(value, ["kind"]) == "Service"
