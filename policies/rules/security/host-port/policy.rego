# METADATA
# title: Host port
# description: |
#   A port of the node: reachable wherever the node is, whatever Services and NetworkPolicies say, and taken for every
#   other pod.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Remove hostPort; publish the port with a Service.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/concepts/configuration/overview/#services
package rules.security["host-port"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(one.pod.object, array.concat(one.path, ["ports", i, "hostPort"]), message) if {
	some one in pods.containers
	some i, port in kubernetes.list(one.container, ["ports"])
	number := kubernetes.value(port, ["hostPort"], 0)
	number != 0
	not pods.is_agent(one.pod)
	message := sprintf("%s takes port %v of its node", [one.label, number])
}
