# METADATA
# title: Privileged container
# description: |
#   A privileged container is root on its node: it sees every device, loads kernel modules, and leaves its container
#   at will.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Remove privileged: true; if the program needs one right, ask for that capability alone.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package rules.security["privileged-container"]

import data.lib.pods
import data.lib.result

deny contains result.at(one.pod.object, array.concat(one.path, ["privileged"]), message) if {
	some one in pods.contexts
	one.context.privileged == true
	message := sprintf("%s runs privileged: root on its node", [one.label])
}
