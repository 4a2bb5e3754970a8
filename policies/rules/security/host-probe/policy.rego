# METADATA
# title: Host probe
# description: |
#   A probe or hook with a host of its own lets the kubelet send requests from the node's network to wherever the
#   author likes.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Remove host: a probe asks its own pod.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
package rules.security["host-probe"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(one.pod.object, array.concat(one.path, array.concat(field, ["host"])), message) if {
	kubernetes.newest >= 34
	some one in pods.containers
	some field in fields
	host := kubernetes.value(one.container, array.concat(field, ["host"]), "")
	host != ""
	message := sprintf("%s lets the kubelet ask %v instead of the pod", [one.label, host])
}

fields := [array.concat(handler, [protocol]) |
	some handler in [
		["livenessProbe"], ["readinessProbe"], ["startupProbe"],
		["lifecycle", "postStart"], ["lifecycle", "preStop"],
	]
	some protocol in ["httpGet", "tcpSocket"]
]
