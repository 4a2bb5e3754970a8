# METADATA
# title: Privilege escalation
# description: |
#   A process may become root by a setuid program unless the container forbids it.
# custom:
#   podSecurity: restricted
#   remediation: |
#     Set securityContext.allowPrivilegeEscalation: false on the container.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package rules.security["privilege-escalation"]

import data.lib.pods
import data.lib.result

warn contains result.at(one.pod.object, array.concat(one.path, ["securityContext", field]), message) if {
	some one in pods.containers
	pods.own(one, field) != false
	not pods.is_windows(one.pod)
	message := sprintf("%s may gain privileges", [one.label])
}

field := "allowPrivilegeEscalation"
