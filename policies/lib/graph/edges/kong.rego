package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# Source: https://developer.konghq.com/kubernetes-ingress-controller/reference/custom-resources/
openings contains opening(ingress, path, to) if {
	some ingress in kubernetes.objects
	kubernetes.kind(ingress) in {"TCPIngress", "UDPIngress"}
	kubernetes.group(ingress) == "configuration.konghq.com"
	some i, rule in kubernetes.list(ingress, ["spec", "rules"])
	path := ["spec", "rules", i, "backend"]
	backend := kubernetes.map(rule, ["backend"])
	name := kubernetes.text(backend, ["serviceName"])
	some to in nodes.resolve(kubernetes.namespace(ingress), name, kubernetes.value(backend, ["servicePort"], null))
}
