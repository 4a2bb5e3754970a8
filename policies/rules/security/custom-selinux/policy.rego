# METADATA
# title: Custom SELinux
# description: |
#   SELinux options of one's own (a user, a role, a type such as spc_t) take away what separates containers from the
#   node.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Remove seLinuxOptions.user and role; as type leave it out or use container_t, container_init_t, container_kvm_t,
#     container_engine_t.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
package rules.security["custom-selinux"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(one.pod.object, array.concat(one.path, ["seLinuxOptions", field]), message) if {
	some one in pods.contexts
	some field in ["role", "type", "user"]
	value := kubernetes.value(one.context, ["seLinuxOptions", field], "")
	not value in allowed[field]
	message := sprintf("%s sets the SELinux %s %v", [one.label, field, value])
}

allowed := {
	"role": {""},
	"type": ({
		"",
		"container_init_t",
		"container_kvm_t",
		"container_t",
	} | {"container_engine_t" | kubernetes.oldest >= 31}),
	"user": {""},
}
