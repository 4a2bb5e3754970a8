# METADATA
# title: Missing readiness probe
# description: |
#   A Service sends requests to the pod from its first second on, before the program can answer, and while it cannot.
# custom:
#   remediation: |
#     Add a readinessProbe that asks what the service needs to answer.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes
package rules.reliability["missing-readiness-probe"]

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.result
import data.lib.scale

warn contains result.at(pod.object, array.concat(described.path, ["readinessProbe"]), message) if {
	some service in nodes.services
	kubernetes.value(service.spec, ["publishNotReadyAddresses"], false) == false
	some i in nodes.selected(service)
	pod := kubernetes.pods[i]
	lasting := kubernetes.lasting_containers(pod)
	some described in lasting
	kubernetes.value(described.container, ["readinessProbe"], null) == null
	receives(described, lasting, service)
	message := sprintf("%s gets the requests of Service %s and has no readiness probe", [
		described.label,
		kubernetes.name(service.object),
	])
}

# A container without ports may listen anywhere; it receives when there is no other.
receives(described, lasting, _) if {
	count(lasting) == 1
	count(kubernetes.list(described.container, ["ports"])) == 0
}

receives(described, _, service) if {
	some port in nodes.container_ports(described.container)
	some sent in service.ports
	nodes.port_is(port, sent.target)
	not scale.is_for_metrics(sent)
}
