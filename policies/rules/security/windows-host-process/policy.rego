# METADATA
# title: Windows host process
# description: |
#   A host process on Windows is a program of the node itself, with whatever user it asks for.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Remove windowsOptions.hostProcess.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
package rules.security["windows-host-process"]

import data.lib.pods
import data.lib.result

deny contains result.at(one.pod.object, array.concat(one.path, ["windowsOptions", "hostProcess"]), message) if {
	some one in pods.contexts
	one.context.windowsOptions.hostProcess == true
	message := sprintf("%s is a process of its Windows node", [one.label])
}
