# METADATA
# title: Added capability
# description: |
#   A capability beyond the runtime's own set (NET_ADMIN, SYS_ADMIN, ALL, …) is a part of root's power over the node.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Remove it from capabilities.add; a low port needs NET_BIND_SERVICE alone.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package rules.security["added-capability"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(one.pod.object, array.concat(one.path, ["capabilities", "add", i]), message) if {
	some one in pods.contexts
	some i, capability in kubernetes.list(one.context, ["capabilities", "add"])
	not capability in harmless
	message := sprintf("%s adds the capability %v", [one.label, capability])
}

harmless := {
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
	"SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}
