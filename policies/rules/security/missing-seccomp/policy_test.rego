package rules.security["missing-seccomp_test"]

import data.rules.security["missing-seccomp"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_silent_containers_are_named_once_for_the_pod if {
	given := pod({
		"containers": [{"name": "a"}, {"name": "b", "securityContext": {"seccompProfile": {"type": "Localhost"}}}],
	})
	message := "neither the pod nor container a has a seccomp profile"
	rule.warn == {found(["securityContext", "seccompProfile"], message)} with input as {"items": [given]}
}
