package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

traefik_groups := {"traefik.containo.us", "traefik.io"}

# Source: https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/ingressroute/
openings contains opening(route, path, to) if {
	some route in kubernetes.objects
	kubernetes.kind(route) in {"IngressRoute", "IngressRouteTCP", "IngressRouteUDP"}
	kubernetes.group(route) in traefik_groups
	some i, rule in kubernetes.list(route, ["spec", "routes"])
	not lets_in_few(rule, kubernetes.namespace(route))
	some j, service in kubernetes.list(rule, ["services"])
	path := ["spec", "routes", i, "services", j]
	some to in traefik_service(service, kubernetes.namespace(route))
}

lets_in_few(rule, namespace) if {
	some middleware in kubernetes.list(rule, ["middlewares"])
	own := kubernetes.value(middleware, ["namespace"], namespace)
	nodes.id(own, kubernetes.text(middleware, ["name"])) in narrow_middlewares
}

narrow_middlewares contains nodes.id(kubernetes.namespace(middleware), kubernetes.name(middleware)) if {
	some middleware in kubernetes.objects
	kubernetes.kind(middleware) in {"Middleware", "MiddlewareTCP"}
	kubernetes.group(middleware) in traefik_groups
	some field in ["ipAllowList", "ipWhiteList"]
	nodes.let_in_few(kubernetes.list(middleware, ["spec", field, "sourceRange"]))
}

traefik_service(service, namespace) := {sprintf("TraefikService %s", [nodes.id(own, name)])} if {
	kubernetes.text(service, ["kind"]) == "TraefikService"
	own := kubernetes.value(service, ["namespace"], namespace)
	name := kubernetes.text(service, ["name"])
} else := nodes.resolve(own, name, nodes.number_or_text(kubernetes.value(service, ["port"], null))) if {
	name := kubernetes.text(service, ["name"])
	own := kubernetes.value(service, ["namespace"], namespace)
}

ways contains [nodes.node(balancer), to] if {
	some balancer in kubernetes.objects
	kubernetes.group(balancer) in traefik_groups
	some service in balanced(balancer)
	some to in traefik_service(service, kubernetes.namespace(balancer))
}

balanced(balancer) := array.concat(
	kubernetes.list(balancer, ["spec", "weighted", "services"]),
	array.concat(
		kubernetes.list(balancer, ["spec", "mirroring", "mirrors"]),
		[kubernetes.map(balancer, ["spec", "mirroring"])],
	),
)
