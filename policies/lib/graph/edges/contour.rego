package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# Source: https://projectcontour.io/docs/main/config/api/
openings contains opening(proxy, path, to) if {
	some proxy in kubernetes.objects
	kubernetes.kind(proxy) == "HTTPProxy"
	kubernetes.group(proxy) == "projectcontour.io"
	some [path, service] in contour_services(proxy)
	name := kubernetes.text(service, ["name"])
	some to in nodes.resolve(kubernetes.namespace(proxy), name, kubernetes.value(service, ["port"], null))
}

contour_services(proxy) := array.concat(
	[[["spec", "tcpproxy", "services", i], service] |
		some i, service in kubernetes.list(proxy, ["spec", "tcpproxy", "services"])
	],
	[[["spec", "routes", i, "services", j], service] |
		some i, route in kubernetes.list(proxy, ["spec", "routes"])
		some j, service in kubernetes.list(route, ["services"])
	],
)
