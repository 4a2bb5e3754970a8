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
