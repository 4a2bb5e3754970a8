# METADATA
# title: Kept capabilities
# description: |
#   Container runtimes grant fourteen of root's capabilities by themselves; a service needs none, or one for a low
#   port.
# custom:
#   podSecurity: restricted
#   remediation: |
#     Set capabilities: {drop: [ALL]}, and add NET_BIND_SERVICE alone where a port below 1024 needs it.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package rules.security["kept-capabilities"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

warn contains result.at(one.pod.object, array.concat(one.path, array.concat(field, ["drop"])), message) if {
	some one in pods.containers
	not pods.is_windows(one.pod)
	not "ALL" in kubernetes.list(one.container, array.concat(field, ["drop"]))
	message := sprintf("%s does not drop all capabilities", [one.label])
}

# What is beyond the baseline is the finding of added-capability.
warn contains result.at(one.pod.object, array.concat(one.path, array.concat(field, ["add", i])), message) if {
	some one in pods.containers
	not pods.is_windows(one.pod)
	some i, capability in kubernetes.list(one.container, array.concat(field, ["add"]))
	capability in granted
	message := sprintf("%s adds the capability %s", [one.label, capability])
}

field := ["securityContext", "capabilities"]

granted := {
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "SETFCAP", "SETGID", "SETPCAP",
	"SETUID", "SYS_CHROOT",
}
