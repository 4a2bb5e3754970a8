package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# The routes of further ingress controllers. Each names Services in its own way: as `host:port` in one text, or as a
# name and a port side by side.
controllers := {
	"apisix.apache.org": {"ApisixRoute", "ApisixUpstream"},
	"getambassador.io": {"Mapping", "TCPMapping"},
	"k8s.nginx.org": {"TransportServer", "VirtualServer"},
	"ngrok.k8s.ngrok.com": {"TCPEdge", "TLSEdge"},
}

openings contains opening(route, array.concat(["spec"], field), to) if {
	some route in kubernetes.objects
	kubernetes.kind(route) in controllers[kubernetes.group(route)]
	walk(kubernetes.map(route, ["spec"]), [field, value])
	some to in backend_nodes(value, kubernetes.namespace(route))
}

backend_nodes(value, namespace) := nodes.mentioned(value, namespace) if {
	is_string(value)
} else := nodes.resolve(target.namespace, target.name, port_of(port)) if {
	name := [text | some field in ["serviceName", "service"]; text := kubernetes.text(value, [field]); text != ""][0]
	target := nodes.parse_host(name, namespace)
	port := kubernetes.value(value, ["servicePort"], kubernetes.value(value, ["port"], null))
	port != null
} else := set()
