package rules.security["custom-selinux_test"]

import data.rules.security["custom-selinux"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_every_field_is_named if {
	options := {"user": "system_u", "role": "system_r", "type": "spc_t", "level": "s0"}
	given := pod({"containers": [], "securityContext": {"seLinuxOptions": options}})
	rule.deny == {
		found(["securityContext", "seLinuxOptions", "user"], "the pod sets the SELinux user system_u"),
		found(["securityContext", "seLinuxOptions", "role"], "the pod sets the SELinux role system_r"),
		found(["securityContext", "seLinuxOptions", "type"], "the pod sets the SELinux type spc_t"),
	} with input as {"items": [given]}
}

test_a_type_of_later_versions_is_not_allowed_before if {
	given := pod({"containers": [], "securityContext": {"seLinuxOptions": {"type": "container_engine_t"}}})
	rule.deny == set() with input as {"items": [given], "config": {"kubernetes": ["1.31"]}}
	rule.deny == {
		found(["securityContext", "seLinuxOptions", "type"], "the pod sets the SELinux type container_engine_t"),
	} with input as {"items": [given], "config": {"kubernetes": ["1.30", "1.31"]}}
}
