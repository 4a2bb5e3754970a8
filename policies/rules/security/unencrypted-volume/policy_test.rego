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

test_a_class_is_known_by_its_kind_and_a_template_by_its_place if {
	claims := {
		"apiVersion": "apps.kruise.io/v1alpha1", "kind": "CloneSet", "metadata": {"name": "c", "namespace": "asky"},
		"spec": {"volumeClaimTemplates": [{"spec": {"storageClassName": "gp2"}}]},
	}
	namesake := {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "gp2", "namespace": "asky"}}
	{[one.resource.kind, one.path] | some one in rule.warn} == {
		["CloneSet", ["spec", "volumeClaimTemplates", 0, "spec", "storageClassName"]],
	} with input as {"items": [claims, namesake]}
}
