package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# Source: https://docs.openshift.com/container-platform/latest/rest_api/network_apis/route-route-openshift-io-v1.html
openings contains opening(route, path, to) if {
	some route in kubernetes.objects
	kubernetes.kind(route) == "Route"
	kubernetes.group(route) == "route.openshift.io"
	some [path, target] in route_targets(route)
	kubernetes.value(target, ["weight"], 1) != 0
	name := kubernetes.text(target, ["name"])
	some to in nodes.resolve_target(kubernetes.namespace(route), name, kubernetes.value(route, ["spec", "port", "targetPort"], null))
}

route_targets(route) := array.concat(
	[[["spec", "to"], target] | target := kubernetes.map(route, ["spec", "to"])],
	[[["spec", "alternateBackends", i], target] |
		some i, target in kubernetes.list(route, ["spec", "alternateBackends"])
	],
)
