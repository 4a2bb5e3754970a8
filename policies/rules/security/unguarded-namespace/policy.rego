# METADATA
# title: Unguarded namespace
# description: |
#   Nothing in the cluster refuses a privileged pod here: what this check finds, another way into the cluster may
#   still bring.
# custom:
#   remediation: |
#     Label the Namespace: pod-security.kubernetes.io/enforce: restricted (or baseline), with enforce-version.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-admission/
package rules.security["unguarded-namespace"]

import data.lib.kubernetes
import data.lib.result

warn contains result.at(namespace, ["metadata", "labels", label], message) if {
	some namespace in kubernetes.objects
	kubernetes.kind(namespace) == "Namespace"
	kubernetes.group(namespace) == ""
	not kubernetes.text(namespace, ["metadata", "labels", label]) in {"baseline", "privileged", "restricted"}
	message := sprintf("the namespace %s enforces no Pod Security Standard", [kubernetes.name(namespace)])
}

label := "pod-security.kubernetes.io/enforce"
