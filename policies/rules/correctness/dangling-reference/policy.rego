# METADATA
# title: Dangling reference
# description: |
#   An object names another that is not here: an account, a claim, what an autoscaler scales, a store. It waits, or
#   fails, for ever.
# custom:
#   remediation: |
#     Mend the name, or write the object that is missing.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
#   - ref: https://kubernetes.io/docs/concepts/security/service-accounts/
package rules.correctness["dangling-reference"]

import data.lib.kubernetes
import data.lib.references
import data.lib.result

warn contains result.at(given.object, given.path, message) if {
	some given in array.concat(of_pods, of_objects)
	given.name != ""
	not [kubernetes.namespace(given.object), given.name] in object.get(references.names, [given.kind], set())
	message := sprintf("there is no %s %s here", [given.kind, given.name])
}

warn contains result.at(manifest, path, message) if {
	some manifest in kubernetes.objects
	[path, kind] := by_kind[kubernetes.kind(manifest)]
	given := kubernetes.text(manifest, kind)
	given in {"DaemonSet", "Deployment", "ReplicaSet", "Role", "SecretStore", "StatefulSet"}
	name := kubernetes.text(manifest, path)
	not is_the_cluster_s(given, name)
	not [kubernetes.namespace(manifest), name] in object.get(references.names, [given], set())
	message := sprintf("there is no %s %s here", [given, name])
}

# Roles that Kubernetes makes in kube-system.
is_the_cluster_s("Role", name) if regex.match(`^system:|^extension-apiserver-authentication-reader$`, name)

of_pods := array.concat(
	[{
		"object": pod.object,
		"path": array.concat(pod.path, ["serviceAccountName"]),
		"kind": "ServiceAccount",
		"name": name,
	} |
		some pod in kubernetes.pods
		name := kubernetes.text(pod.spec, ["serviceAccountName"])
		name != "default"
	],
	[{"object": pod.object, "path": path, "kind": "PersistentVolumeClaim", "name": name} |
		some pod in kubernetes.pods
		some i, volume in kubernetes.list(pod.spec, ["volumes"])
		name := kubernetes.text(volume, ["persistentVolumeClaim", "claimName"])
		path := array.concat(pod.path, ["volumes", i, "persistentVolumeClaim", "claimName"])
	],
)

of_objects := [{"object": manifest, "path": path, "kind": kind, "name": kubernetes.text(manifest, path)} |
	some manifest in kubernetes.objects
	some [path, kind] in fields[kubernetes.kind(manifest)]
]

fields := {
	"Pooler": [[["spec", "cluster", "name"], "Cluster"]],
	"ScheduledBackup": [[["spec", "cluster", "name"], "Cluster"]],
	"StatefulSet": [[["spec", "serviceName"], "Service"]],
}

# Where a reference says its kind itself.
by_kind := {
	"ExternalSecret": [["spec", "secretStoreRef", "name"], ["spec", "secretStoreRef", "kind"]],
	"HorizontalPodAutoscaler": [["spec", "scaleTargetRef", "name"], ["spec", "scaleTargetRef", "kind"]],
	"RoleBinding": [["roleRef", "name"], ["roleRef", "kind"]],
	"VerticalPodAutoscaler": [["spec", "targetRef", "name"], ["spec", "targetRef", "kind"]],
}
