# METADATA
# title: Immutable Job
# description: |
#   A Job's template cannot be changed: the first commit that does fails the sync, and every one after it.
# custom:
#   remediation: |
#     Make it a hook (argocd.argoproj.io/hook: Sync with hook-delete-policy: BeforeHookCreation), or give it
#     ttlSecondsAfterFinished or sync-options Replace=true,Force=true.
# related_resources:
#   - ref: https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/job/
package rules.gitops["immutable-job"]

import data.lib.kubernetes
import data.lib.result

warn contains result.at(job, ["metadata", "name"], message) if {
	some job in kubernetes.objects
	kubernetes.kind(job) == "Job"
	kubernetes.group(job) == "batch"
	kubernetes.name(job) != ""
	annotations := kubernetes.annotations(job)
	not "argocd.argoproj.io/hook" in object.keys(annotations)
	not "helm.sh/hook" in object.keys(annotations)
	not regex.match(`Replace=true|Force=true`, object.get(annotations, "argocd.argoproj.io/sync-options", ""))
	object.get(annotations, "kustomize.toolkit.fluxcd.io/force", "") != "enabled"
	kubernetes.value(job, ["spec", "ttlSecondsAfterFinished"], null) == null
	message := sprintf("the Job %s cannot be changed once it is there: it is no hook", [kubernetes.name(job)])
}
