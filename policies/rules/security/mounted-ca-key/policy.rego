# METADATA
# title: Mounted CA key
# description: |
#   CloudNativePG keeps the CA's private key beside its certificate: a pod that mounts the whole Secret can make
#   itself any database's certificate.
# custom:
#   since: "0.1"
#   remediation: |
#     Mount the certificate alone: items: [{key: ca.crt, path: ca.crt}].
# related_resources:
#   - ref: https://cloudnative-pg.io/documentation/current/certificates/
package rules.security["mounted-ca-key"]

import data.lib.configuration
import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(pod.object, array.concat(pod.path, field), message) if {
	some pod in kubernetes.pods
	some i, volume in kubernetes.list(pod.spec, ["volumes"])
	some [path, given, name] in secrets_of(volume)
	is_ca(pod, name)
	shows_key(given)
	field := array.concat(["volumes", i], path)
	message := sprintf("the volume %s holds ca.key of %s, not its certificate alone", [
		kubernetes.text(volume, ["name"]),
		name,
	])
}

deny contains result.at(
	one.pod.object, array.concat(one.path, [
		"env",
		i,
		"valueFrom",
		"secretKeyRef",
		"key",
	]),
	message,
) if {
	some one in pods.containers
	some i, variable in kubernetes.list(one.container, ["env"])
	given := kubernetes.map(variable, ["valueFrom", "secretKeyRef"])
	given.key == "ca.key"
	is_ca(one.pod, kubernetes.text(given, ["name"]))
	message := sprintf("%s is given ca.key of %s", [one.label, given.name])
}

deny contains result.at(one.pod.object, array.concat(one.path, ["envFrom", i, "secretRef", "name"]), message) if {
	some one in pods.containers
	some i, source in kubernetes.list(one.container, ["envFrom"])
	name := kubernetes.text(source, ["secretRef", "name"])
	is_ca(one.pod, name)
	message := sprintf("%s is given ca.key of %s", [one.label, name])
}

secrets_of(volume) := array.concat(
	[[["secret"], secret, kubernetes.text(secret, ["secretName"])] | secret := kubernetes.map(volume, ["secret"])],
	[[["projected", "sources", j, "secret"], secret, kubernetes.text(secret, ["name"])] |
		some j, source in kubernetes.list(volume, ["projected", "sources"])
		secret := kubernetes.map(source, ["secret"])
	],
)

shows_key(given) if count(kubernetes.list(given, ["items"])) == 0

shows_key(given) if {
	some item in kubernetes.list(given, ["items"])
	item.key == "ca.key"
}

is_ca(pod, name) if {
	endswith(name, "-ca")
	[kubernetes.namespace(pod.object), trim_suffix(name, "-ca")] in configuration.clusters
}
