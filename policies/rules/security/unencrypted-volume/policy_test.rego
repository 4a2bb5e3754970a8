package rules.security["unencrypted-volume_test"]

import data.rules.security["unencrypted-volume"] as rule

test_the_class_is_named if {
	class := {
		"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "gp3"},
		"provisioner": "ebs.csi.aws.com", "parameters": {"encrypted": "false"},
	}
	rule.warn == {{
		"message": "disks of the class gp3 are not encrypted",
		"path": ["parameters", "encrypted"],
		"resource": {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "namespace": null, "name": "gp3"},
		"source": null,
		"trace": [],
	}} with input as {"items": [class]}
}
