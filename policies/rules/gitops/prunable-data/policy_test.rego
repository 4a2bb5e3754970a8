package rules.gitops["prunable-data_test"]

import data.rules.gitops["prunable-data"] as rule

test_kind_name_and_what_is_missing_are_named if {
	items := [{
		"apiVersion": "v1", "kind": "PersistentVolumeClaim",
		"metadata": {"name": "d", "namespace": "asky", "annotations": {"argocd.argoproj.io/sync-options": "Prune=false"}},
	}]

	rule.warn == {{
		"message": "Argo CD may delete PersistentVolumeClaim d with its data: it does not say Delete=false",
		"path": ["metadata", "annotations", "argocd.argoproj.io/sync-options"],
		"resource": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": "asky", "name": "d"},
		"source": null,
		"trace": [],
	}} with input as {"items": items}
}

test_whatever_deletes_its_disks_is_named if {
	items := [{
		"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "metadata": {"name": "p", "namespace": "asky"},
		"spec": {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}},
	}]

	rule.warn == {{
		"message": "its disks are deleted with it",
		"path": ["spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"],
		"resource": {"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "namespace": "asky", "name": "p"},
		"source": null,
		"trace": [],
	}} with input as {"items": items}
}

test_without_argo_cd_its_words_are_not_asked_for if {
	items := [{
		"apiVersion": "v1", "kind": "PersistentVolumeClaim",
		"metadata": {"name": "d", "namespace": "asky", "annotations": {"kustomize.toolkit.fluxcd.io/prune": "disabled"}},
	}]

	rule.warn == set() with input as {"items": items}
}
