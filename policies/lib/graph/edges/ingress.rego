package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

openings contains opening(ingress, path, to) if {
	some ingress in kubernetes.objects
	ingress.kind == "Ingress"
	not is_internal_ingress(ingress)
	some [path, backend] in ingress_backends(ingress)
	some to in nodes.resolve(kubernetes.namespace(ingress), backend.name, backend.port)
}

# An action of the AWS controller's forwards to the Services that its JSON names.
openings contains opening(ingress, ["metadata", "annotations", key], to) if {
	some ingress in kubernetes.objects
	ingress.kind == "Ingress"
	not is_internal_ingress(ingress)
	some key, value in kubernetes.annotations(ingress)
	startswith(key, "alb.ingress.kubernetes.io/actions.")
	json.is_valid(value)
	walk(json.unmarshal(value), [_, target])
	name := kubernetes.text(target, ["serviceName"])
	some to in nodes.resolve(kubernetes.namespace(ingress), name, nodes.number_or_text(kubernetes.value(target, ["servicePort"], null)))
}

# ingress-nginx passes TCP and UDP on as a ConfigMap says: "5432": "namespace/service:5432".
# Source: https://kubernetes.github.io/ingress-nginx/user-guide/exposing-tcp-udp-services/
openings contains opening(config, ["data", key], to) if {
	some config in kubernetes.objects
	config.kind == "ConfigMap"
	some key, value in kubernetes.map(config, ["data"])
	regex.match(`^[0-9]{1,5}$`, key)
	some to in stream_target(value)
}

# Snippets of nginx configuration may pass on anything.
openings contains opening(holder, path, to) if {
	some holder in kubernetes.objects
	some [path, snippet] in snippets(holder)
	some to in nodes.mentioned(snippet, kubernetes.namespace(holder))
}

ingress_backends(ingress) := array.concat(
	[[path, service] |
		some field in ["defaultBackend", "backend"]
		path := ["spec", field]
		some service in backend_service(kubernetes.map(ingress, path))
	],
	[[path, service] |
		some i, rule in kubernetes.list(ingress, ["spec", "rules"])
		some j, route in kubernetes.list(rule, ["http", "paths"])
		path := ["spec", "rules", i, "http", "paths", j, "backend"]
		some service in backend_service(kubernetes.map(route, ["backend"]))
	],
)

# networking.k8s.io/v1 and, before Kubernetes 1.22, serviceName and servicePort.
backend_service(backend) := [{"name": name, "port": port}] if {
	name := kubernetes.text(backend, ["service", "name"])
	name != ""
	given := kubernetes.map(backend, ["service", "port"])
	port := kubernetes.value(given, ["number"], kubernetes.value(given, ["name"], null))
} else := [{"name": name, "port": kubernetes.value(backend, ["servicePort"], null)}] if {
	name := kubernetes.text(backend, ["serviceName"])
}

stream_target(target) := found if {
	is_string(target)
	[_, namespace, name, port] := regex.find_all_string_submatch_n(`^([a-z0-9-]+)/([a-z0-9-]+):([a-z0-9-]+)`, target, 1)[0]
	found := nodes.resolve(namespace, name, nodes.number_or_text(port))
}

is_internal_ingress(ingress) if nodes.is_internal({}, kubernetes.annotations(ingress))

is_internal_ingress(ingress) if regex.match(`(?i)internal|private`, ingress_class(ingress))

# Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
is_internal_ingress(ingress) if {
	ingress_class(ingress) in alb_classes
	object.get(kubernetes.annotations(ingress), "alb.ingress.kubernetes.io/scheme", "internal") == "internal"
	not has_public_class
}

is_internal_ingress(ingress) if {
	ingress_class(ingress) == "tailscale"
	object.get(kubernetes.annotations(ingress), "tailscale.com/funnel", "false") != "true"
}

is_internal_ingress(ingress) if {
	some key in [
		"alb.ingress.kubernetes.io/inbound-cidrs",
		"nginx.ingress.kubernetes.io/whitelist-source-range",
		"nginx.ingress.kubernetes.io/allowlist-source-range",
		"haproxy.org/allow-list",
	]
	nodes.let_in_few(nodes.listed(kubernetes.annotations(ingress)[key]))
}

ingress_class(ingress) := class if {
	class := kubernetes.text(ingress, ["spec", "ingressClassName"])
	class != ""
} else := kubernetes.text(ingress, ["metadata", "annotations", "kubernetes.io/ingress.class"])

alb_classes := {"alb"} | {kubernetes.name(class) |
	some class in kubernetes.objects
	kubernetes.kind(class) == "IngressClass"
	kubernetes.text(class, ["spec", "controller"]) == "ingress.k8s.aws/alb"
}

# The scheme may also stand in the parameters of the ingress class.
has_public_class if {
	some parameters in kubernetes.objects
	parameters.kind == "IngressClassParams"
	kubernetes.text(parameters, ["spec", "scheme"]) == "internet-facing"
}

snippets(holder) := [[["metadata", "annotations", key], value] |
	some key, value in kubernetes.annotations(holder)
	endswith(key, "-snippet")
] if {
	kubernetes.kind(holder) == "Ingress"
} else := [[["data", key], value] |
	some key, value in kubernetes.map(holder, ["data"])
	key in {"stream-snippet", "server-snippet", "http-snippet", "main-snippet"}
	is_string(value)
] if {
	kubernetes.kind(holder) == "ConfigMap"
} else := []
