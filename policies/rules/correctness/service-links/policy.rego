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
	names := object.get(leading, i, set()) | read_by(pod)
	message := sprintf("%s_PORT=tcp://… comes into its environment from the Service of that name", [min(names)])
}

# The pod's own Services, by the pod's number.
leading := {i: prefixes |
	some [i, _] in leads
	prefixes := {prefix | some [j, prefix] in leads; j == i}
}

leads contains [i, prefix] if {
	some [_, [prefix, pods]] in all_links
	some i in pods
}

# The prefixes that its own variables have.
read_by(pod) := {prefix |
	some described in kubernetes.containers(pod)
	some variable in kubernetes.list(described.container, ["env"])
	some prefix in beginnings(kubernetes.text(variable, ["name"]))
	prefix in linked[kubernetes.namespace(pod.object)]
}

# `A_B_C` begins with `A` and `A_B`.
beginnings(name) := {concat("_", array.slice(parts, 0, last)) | some last in numbers.range(1, count(parts) - 1)} if {
	parts := split(name, "_")
	count(parts) > 1
} else := set()

linked := {namespace: prefixes |
	some [namespace, _] in all_links
	prefixes := {prefix | some [other, [prefix, _]] in all_links; other == namespace}
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
