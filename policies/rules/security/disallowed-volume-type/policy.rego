# METADATA
# title: Disallowed volume type
# description: |
#   A volume straight from a storage system (nfs, iscsi, rbd, …) bypasses claims: the pod names servers and
#   credentials itself.
# custom:
#   podSecurity: restricted
#   remediation: |
#     Use a PersistentVolumeClaim; the administrator's PersistentVolume names the server.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/
package rules.security["disallowed-volume-type"]

import data.lib.kubernetes
import data.lib.result

# A path of the node is the finding of host-path-volume.
warn contains result.at(pod.object, array.concat(pod.path, ["volumes", i, type]), message) if {
	some pod in kubernetes.pods
	some i, volume in kubernetes.list(pod.spec, ["volumes"])
	is_object(volume)
	some type in (object.keys(volume) - allowed)
	volume[type] != null
	message := sprintf("the volume %s is of the type %s", [kubernetes.text(volume, ["name"]), type])
}

allowed := {
	"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "hostPath", "image", "name", "persistentVolumeClaim",
	"projected", "secret",
}
