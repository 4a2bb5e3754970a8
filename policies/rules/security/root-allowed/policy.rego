# METADATA
# title: Root allowed
# description: |
#   Nothing keeps the image from running as root, and root in a container is one kernel bug away from root on the
#   node.
# custom:
#   podSecurity: restricted
#   remediation: |
#     Set securityContext.runAsNonRoot: true for the pod, and a runAsUser that the image can run as.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package rules.security["root-allowed"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

warn contains result.at(pod.object, array.concat(pod.path, ["securityContext", field]), message) if {
	some pod in kubernetes.pods
	not is_excepted(pod)
	pods.common(pod, field) == null
	silent := [one.label | some one in pods.of_pod(pod); pods.own(one, field) == null]
	count(silent) > 0
	message := sprintf("root is allowed: neither the pod nor %s says runAsNonRoot", [concat(", ", silent)])
}

warn contains result.at(one.pod.object, array.concat(one.path, [field]), message) if {
	some one in pods.contexts
	not is_excepted(one.pod)
	value := kubernetes.value(one.context, [field], true)
	value != true
	message := sprintf("%s allows root", [one.label])
}

field := "runAsNonRoot"

is_excepted(pod) if pods.has_own_users(pod)

is_excepted(pod) if pods.is_agent(pod)
