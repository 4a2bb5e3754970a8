# METADATA
# title: Unencrypted volume
# description: |
#   The disks of this class are not encrypted: whoever gets a snapshot or a disk has the data.
# custom:
#   profile: prod
#   remediation: |
#     Set parameters.encrypted: "true" (and kmsKeyId for a key of your own) on the StorageClass.
# related_resources:
#   - ref: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
#   - ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
package rules.security["unencrypted-volume"]

import data.lib.kubernetes
import data.lib.result

warn contains result.at(class, ["parameters", "encrypted"], message) if {
	some class in kubernetes.objects
	class.provisioner in {"ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs"}
	sprintf("%v", [kubernetes.value(class, ["parameters", "encrypted"], "false")]) != "true"
	message := sprintf("disks of the class %s are not encrypted", [kubernetes.name(class)])
}

# The class that older EKS clusters come with.
warn contains result.at(custom, path, "disks of EKS' class gp2 are not encrypted unless the account says so") if {
	some [custom, path] in claims
	kubernetes.text(custom, path) == "gp2"
	not "gp2" in classes
}

classes := {kubernetes.name(class) | some class in kubernetes.objects; kubernetes.kind(class) == "StorageClass"}

claims := array.concat(
	[[custom, path] |
		some custom in kubernetes.objects
		some path in class_paths[kubernetes.kind(custom)]
	],
	[[custom, ["spec", "volumeClaimTemplates", i, "spec", "storageClassName"]] |
		some custom in kubernetes.objects
		some i, _ in kubernetes.list(custom, ["spec", "volumeClaimTemplates"])
	],
)

class_paths := {
	"Cluster": [["spec", "storage", "storageClass"], ["spec", "walStorage", "storageClass"]],
	"PersistentVolumeClaim": [["spec", "storageClassName"]],
}
