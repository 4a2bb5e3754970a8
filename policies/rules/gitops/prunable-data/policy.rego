# METADATA
# title: Prunable data
# description: |
#   Argo CD deletes what git no longer has: one wrong commit, or a deleted Application, and the data is gone.
# custom:
#   remediation: |
#     Annotate it with argocd.argoproj.io/sync-options: Prune=false,Delete=false.
# related_resources:
#   - ref: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
#   - ref: https://cloudnative-pg.io/documentation/current/storage/
package rules.gitops["prunable-data"]

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.result

warn contains result.at(manifest, ["metadata", "annotations", option], message) if {
	is_argocds
	some manifest in array.concat(nodes.operated, claims)
	options := kubernetes.text(manifest, ["metadata", "annotations", option])
	missing := [wanted | some wanted in ["Prune=false", "Delete=false"]; not contains(lower(options), lower(wanted))]
	count(missing) > 0
	kubernetes.text(manifest, ["metadata", "annotations", "helm.sh/resource-policy"]) != "keep"
	message := sprintf("Argo CD may delete %s %s with its data: it does not say %s", [
		kubernetes.kind(manifest),
		kubernetes.name(manifest),
		concat(",", missing),
	])
}

warn contains result.at(workload, path, "its disks are deleted with it") if {
	some workload in kubernetes.objects
	workload.spec.persistentVolumeClaimRetentionPolicy.whenDeleted == "Delete"
	path := ["spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"]
}

option := "argocd.argoproj.io/sync-options"

claims := [claim | some claim in kubernetes.objects; kubernetes.kind(claim) == "PersistentVolumeClaim"]

# Other ways to apply manifests have other words for it.
is_argocds if {
	some manifest in kubernetes.objects
	some key, _ in kubernetes.annotations(manifest)
	startswith(key, "argocd.argoproj.io/")
}
