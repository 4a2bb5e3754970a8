# METADATA
# title: Removed API
# description: |
#   The target's Kubernetes no longer serves this version of the API, or the next ones will not: the sync fails.
# custom:
#   remediation: |
#     Write the version that is served; the fields may differ.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
package rules.correctness["removed-api"]

import data.lib.kubernetes
import data.lib.result

warn contains result.at(manifest, ["apiVersion"], message) if {
	some manifest in kubernetes.objects
	[removed, instead] := fate(kubernetes.text(manifest, ["apiVersion"]), kubernetes.kind(manifest))
	message := sprintf("%s %s %s: use %s", [
		manifest.apiVersion, kubernetes.kind(manifest), when(removed), instead,
	])
}

when(removed) := sprintf("is gone since Kubernetes 1.%d", [removed]) if {
	removed <= kubernetes.newest
} else := sprintf("will be gone in Kubernetes 1.%d", [removed])

fate(version, kind) := [versions[version][given] | some given in [kind, "*"]][0]

# The minor version that no longer serves it, and what to write; `*` is every other kind.
versions := {
	"admissionregistration.k8s.io/v1beta1": {
		"MutatingWebhookConfiguration": [22, "admissionregistration.k8s.io/v1"],
		"ValidatingWebhookConfiguration": [22, "admissionregistration.k8s.io/v1"],
	},
	"apiextensions.k8s.io/v1beta1": {"*": [22, "apiextensions.k8s.io/v1"]},
	"apiregistration.k8s.io/v1beta1": {"*": [22, "apiregistration.k8s.io/v1"]},
	"apps/v1beta1": {"*": [16, "apps/v1"]},
	"apps/v1beta2": {"*": [16, "apps/v1"]},
	"autoscaling/v2beta1": {"*": [25, "autoscaling/v2"]},
	"autoscaling/v2beta2": {"*": [26, "autoscaling/v2"]},
	"batch/v1beta1": {"*": [25, "batch/v1"]},
	"certificates.k8s.io/v1beta1": {"CertificateSigningRequest": [22, "certificates.k8s.io/v1"]},
	"coordination.k8s.io/v1beta1": {"Lease": [22, "coordination.k8s.io/v1"]},
	"discovery.k8s.io/v1beta1": {"*": [25, "discovery.k8s.io/v1"]},
	"events.k8s.io/v1beta1": {"*": [25, "events.k8s.io/v1"]},
	"extensions/v1beta1": {
		"Ingress": [22, "networking.k8s.io/v1"],
		"*": [16, "apps/v1, networking.k8s.io/v1 or policy/v1"],
	},
	"flowcontrol.apiserver.k8s.io/v1beta1": {"*": [26, "flowcontrol.apiserver.k8s.io/v1"]},
	"flowcontrol.apiserver.k8s.io/v1beta2": {"*": [29, "flowcontrol.apiserver.k8s.io/v1"]},
	"flowcontrol.apiserver.k8s.io/v1beta3": {"*": [32, "flowcontrol.apiserver.k8s.io/v1"]},
	"networking.k8s.io/v1beta1": {
		"Ingress": [22, "networking.k8s.io/v1"],
		"IngressClass": [22, "networking.k8s.io/v1"],
	},
	"node.k8s.io/v1beta1": {"*": [25, "node.k8s.io/v1"]},
	"policy/v1beta1": {
		"PodDisruptionBudget": [25, "policy/v1"],
		"PodSecurityPolicy": [25, "Pod Security admission: labels of the Namespace"],
	},
	"rbac.authorization.k8s.io/v1alpha1": {"*": [22, "rbac.authorization.k8s.io/v1"]},
	"rbac.authorization.k8s.io/v1beta1": {"*": [22, "rbac.authorization.k8s.io/v1"]},
	"scheduling.k8s.io/v1beta1": {"*": [22, "scheduling.k8s.io/v1"]},
	"storage.k8s.io/v1beta1": {
		"CSIDriver": [22, "storage.k8s.io/v1"],
		"CSINode": [22, "storage.k8s.io/v1"],
		"CSIStorageCapacity": [27, "storage.k8s.io/v1"],
		"StorageClass": [22, "storage.k8s.io/v1"],
		"VolumeAttachment": [22, "storage.k8s.io/v1"],
	},
}
