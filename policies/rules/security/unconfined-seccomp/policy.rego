# METADATA
# title: Unconfined seccomp
# description: |
#   Without a seccomp profile a container may use every system call of the kernel, those of the next exploit included.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Set seccompProfile.type to RuntimeDefault, or Localhost for a profile of your own.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
package rules.security["unconfined-seccomp"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(one.pod.object, array.concat(one.path, ["seccompProfile", "type"]), message) if {
	some one in pods.contexts
	type := kubernetes.value(one.context, ["seccompProfile", "type"], "RuntimeDefault")
	not type in {"RuntimeDefault", "Localhost"}
	message := sprintf("%s turns seccomp off", [one.label])
}
