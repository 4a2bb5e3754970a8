# METADATA
# title: Root user
# description: |
#   The container runs as root by name: user 0.
# custom:
#   podSecurity: restricted
#   remediation: |
#     Set runAsUser to a user above 0 that the image can run as, or leave it to the image.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package rules.security["root-user"]

import data.lib.pods
import data.lib.result

warn contains result.at(one.pod.object, array.concat(one.path, ["runAsUser"]), message) if {
	some one in pods.contexts
	one.context.runAsUser == 0
	not pods.has_own_users(one.pod)
	not pods.is_agent(one.pod)
	message := sprintf("%s runs as root", [one.label])
}
