# METADATA
# title: Host namespace
# description: |
#   A pod in the node's network, process or IPC namespace sees what its neighbours do, and no NetworkPolicy holds for
#   it.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Remove hostNetwork, hostPID and hostIPC; publish a port with a Service instead.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
package rules.security["host-namespace"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(pod.object, array.concat(pod.path, [field]), message) if {
	some pod in kubernetes.pods
	some field, shared in namespaces
	pod.spec[field] == true
	not is_an_agents(pod, field)
	message := sprintf("the pod shares its node's %s", [shared])
}

namespaces := {"hostIPC": "shared memory", "hostNetwork": "network", "hostPID": "processes"}

is_an_agents(pod, field) if {
	field != "hostIPC"
	pods.is_agent(pod)
}
