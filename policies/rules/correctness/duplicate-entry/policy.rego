# METADATA
# title: Duplicate entry
# description: |
#   The same name stands twice in a list; one of the two does nothing, and Argo CD sees a difference for ever or the
#   API server refuses.
# custom:
#   remediation: |
#     Remove one of the two.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
package rules.correctness["duplicate-entry"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

warn contains result.at(one.pod.object, array.concat(one.path, [field, i, key]), message) if {
	some one in pods.containers
	some field, key in {"env": "name", "volumeMounts": "mountPath"}
	some i in repeated([kubernetes.text(entry, [key]) | some entry in kubernetes.list(one.container, [field])])
	message := sprintf("%s says %s twice in %s", [one.label, one.container[field][i][key], field])
}

warn contains result.at(one.pod.object, array.concat(one.path, ["ports", i, "containerPort"]), message) if {
	some one in pods.containers
	some i in repeated([sprintf("%v/%v", [
		kubernetes.value(port, ["containerPort"], ""),
		kubernetes.value(port, ["protocol"], "TCP"),
	]) |
		some port in kubernetes.list(one.container, ["ports"])
	])
	message := sprintf("%s says port %v twice", [one.label, one.container.ports[i].containerPort])
}

warn contains result.at(service, ["spec", "ports", i, "port"], message) if {
	some service in kubernetes.objects
	kubernetes.kind(service) == "Service"
	some i in repeated([sprintf("%v/%v", [
		kubernetes.value(port, ["port"], ""),
		kubernetes.value(port, ["protocol"], "TCP"),
	]) |
		some port in kubernetes.list(service, ["spec", "ports"])
	])
	message := sprintf("the Service says port %v twice", [service.spec.ports[i].port])
}

warn contains result.at(later.object, later.path, message) if {
	some key, places in routes
	some i, later in places
	i > 0
	message := sprintf("%s is routed twice, first by Ingress %s", [key, kubernetes.name(places[0].object)])
}

# Where each host and path is routed; another class is another controller's.
routes := {key: places |
	some key in {place.key | some place in all_routes}
	places := [place | some place in all_routes; place.key == key]
}

all_routes := [{"key": key, "object": ingress, "path": path} |
	some ingress in kubernetes.objects
	kubernetes.kind(ingress) == "Ingress"
	kubernetes.text(ingress, ["metadata", "annotations", "nginx.ingress.kubernetes.io/canary"]) != "true"
	some i, rule in kubernetes.list(ingress, ["spec", "rules"])
	some j, given in kubernetes.list(rule, ["http", "paths"])
	key := concat("", [
		kubernetes.text(ingress, ["spec", "ingressClassName"]), " ",
		kubernetes.text(rule, ["host"]),
		kubernetes.text(given, ["path"]),
	])
	path := ["spec", "rules", i, "http", "paths", j, "path"]
]

repeated(names) := {i |
	some name in {name | some name in names; name != ""}
	places := [i | some i, other in names; other == name]
	count(places) > 1
	i := places[count(places) - 1]
} if {
	count({name | some name in names}) < count(names)
} else := set()
