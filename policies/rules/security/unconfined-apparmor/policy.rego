# METADATA
# title: Unconfined AppArmor
# description: |
#   Without the runtime's AppArmor profile a program that breaks out of its container meets one wall less.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Remove the profile's type or set RuntimeDefault; Localhost for a profile of your own.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tutorials/security/apparmor/
package rules.security["unconfined-apparmor"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(one.pod.object, array.concat(one.path, ["appArmorProfile", "type"]), message) if {
	some one in pods.contexts
	type := kubernetes.value(one.context, ["appArmorProfile", "type"], "RuntimeDefault")
	not type in {"RuntimeDefault", "Localhost"}
	message := sprintf("%s runs without an AppArmor profile", [one.label])
}

# As it was written before Kubernetes 1.30.
deny contains result.at(pod.object, array.concat(path, [key]), message) if {
	some pod in kubernetes.pods
	path := array.concat(array.slice(pod.path, 0, count(pod.path) - 1), ["metadata", "annotations"])
	some key, profile in kubernetes.map(pod.object, path)
	startswith(key, prefix)
	is_string(profile)
	not is_confined(profile)
	message := sprintf("container %s runs without an AppArmor profile", [trim_prefix(key, prefix)])
}

prefix := "container.apparmor.security.beta.kubernetes.io/"

is_confined(profile) if profile in {"", "runtime/default"}

is_confined(profile) if startswith(profile, "localhost/")
