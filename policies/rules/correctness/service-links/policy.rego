# METADATA
# title: Service links
# description: |
#   Kubernetes gives the pod variables for every Service of its namespace; POSTGRES_PORT=tcp://… is not what a program
#   expects to find there.
# custom:
#   remediation: |
#     Set enableServiceLinks: false on the pod.
# related_resources:
#   - ref: https://kubernetes.io/docs/tutorials/services/connect-applications-service/#environment-variables
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
package rules.correctness["service-links"]

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.result

warn contains result.at(pod.object, array.concat(pod.path, ["enableServiceLinks"]), message) if {
	some i, pod in kubernetes.pods
	kubernetes.value(pod.spec, ["enableServiceLinks"], true) != false
	names := {prefix |
		some [prefix, leads_here] in linked[kubernetes.namespace(pod.object)]
		is_read(pod, i, prefix, leads_here)
	}
	count(names) > 0
	message := sprintf("%s_PORT=tcp://… comes into its environment from the Service of that name", [min(names)])
}

# The pod's own Service, or a prefix that its own variables have.
is_read(_, i, _, leads_here) if i in leads_here

is_read(pod, _, prefix, _) if {
	some described in kubernetes.containers(pod)
	some variable in kubernetes.list(described.container, ["env"])
	startswith(kubernetes.text(variable, ["name"]), concat("", [prefix, "_"]))
}

linked := {namespace: links |
	some namespace in {namespace | some [namespace, _] in all_links}
	links := {link | some [other, link] in all_links; other == namespace}
}

# A Service without an address has no variables.
all_links contains [kubernetes.namespace(service.object), [prefix, nodes.selected(service)]] if {
	some service in nodes.services
	service.path == ["spec"]
	kubernetes.text(service.spec, ["clusterIP"]) != "None"
	kubernetes.text(service.spec, ["type"]) != "ExternalName"
	prefix := replace(upper(kubernetes.name(service.object)), "-", "_")
	prefix != ""
}
