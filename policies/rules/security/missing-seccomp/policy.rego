# METADATA
# title: Missing seccomp
# description: |
#   Without a profile a container may use every system call: Kubernetes applies the runtime's only when it is asked
#   for.
# custom:
#   podSecurity: restricted
#   remediation: |
#     Set securityContext.seccompProfile.type: RuntimeDefault for the pod.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tutorials/security/seccomp/
package rules.security["missing-seccomp"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

warn contains result.at(pod.object, array.concat(pod.path, ["securityContext", "seccompProfile"]), message) if {
	some pod in kubernetes.pods
	not has_profile(pods.common(pod, "seccompProfile"))
	not pods.is_windows(pod)
	silent := [one.label | some one in pods.of_pod(pod); not has_profile(pods.own(one, "seccompProfile"))]
	count(silent) > 0
	message := sprintf("neither the pod nor %s has a seccomp profile", [concat(", ", silent)])
}

# A wrong one is the finding of unconfined-seccomp.
has_profile(profile) if kubernetes.value(profile, ["type"], null) != null
