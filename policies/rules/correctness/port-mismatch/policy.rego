# METADATA
# title: Port mismatch
# description: |
#   A Service or a probe points at a port that the container does not have: connections are refused, and the pod is
#   never ready.
# custom:
#   since: "0.1"
#   remediation: |
#     Use the name or number of a port that the container declares.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
package rules.correctness["port-mismatch"]

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(service.object, ["spec", "ports", k, "targetPort"], message) if {
	some service in nodes.services
	indices := nodes.selected(service)
	count(indices) > 0
	some k, given in kubernetes.list(service.object, ["spec", "ports"])
	target := nodes.target_or(kubernetes.value(given, ["targetPort"], null), kubernetes.value(given, ["port"], null))
	target != null
	every i in indices {
		is_missing(kubernetes.pods[i], target)
	}
	message := sprintf("no container behind the Service has the port %v", [target])
}

deny contains result.at(one.pod.object, array.concat(one.path, array.concat(field, ["port"])), message) if {
	some one in pods.containers
	some probe in ["livenessProbe", "readinessProbe", "startupProbe"]
	some protocol in ["httpGet", "tcpSocket"]
	field := [probe, protocol]
	port := kubernetes.text(one.container, array.concat(field, ["port"]))
	port != ""
	not port in {given.name | some given in nodes.container_ports(one.container)}
	message := sprintf("%s has no port named %s", [one.label, port])
}

# A number need not be declared: it counts where every container says what it listens on.
is_missing(pod, target) if {
	not target in ports_of(pod)
	every described in kubernetes.lasting_containers(pod) {
		is_string_or_declared(target, described.container)
	}
}

is_string_or_declared(target, _) if is_string(target)

is_string_or_declared(_, container) if count(nodes.container_ports(container)) > 0

ports_of(pod) := {value |
	some described in kubernetes.lasting_containers(pod)
	some port in nodes.container_ports(described.container)
	some value in [port.name, port.number]
}
