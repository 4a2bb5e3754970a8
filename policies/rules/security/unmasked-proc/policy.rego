# METADATA
# title: Unmasked proc
# description: |
#   An unmasked /proc shows a container what the runtime hides: the kernel's memory and switches.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Remove procMount or set Default.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package rules.security["unmasked-proc"]

import data.lib.pods
import data.lib.result

deny contains result.at(one.pod.object, array.concat(one.path, ["securityContext", "procMount"]), message) if {
	some one in pods.containers
	kind := pods.own(one, "procMount")
	not kind in {null, "Default"}
	message := sprintf("%s sees all of /proc", [one.label])
}
