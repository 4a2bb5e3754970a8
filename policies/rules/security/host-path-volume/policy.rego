# METADATA
# title: Host path volume
# description: |
#   A folder of the node in a pod: what runs there reads other pods' files and tokens, or writes what the node runs
#   next.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Use a PersistentVolumeClaim for data, an emptyDir for scratch space, a ConfigMap or Secret for files.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
package rules.security["host-path-volume"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(pod.object, array.concat(pod.path, ["volumes", i, "hostPath"]), message) if {
	some pod in kubernetes.pods
	some i, volume in kubernetes.list(pod.spec, ["volumes"])
	kubernetes.value(volume, ["hostPath"], null) != null
	not pods.is_agent(pod)
	message := sprintf("the volume %s is the node's own %s", [
		kubernetes.text(volume, ["name"]),
		kubernetes.text(volume, ["hostPath", "path"]),
	])
}
