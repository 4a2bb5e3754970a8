# METADATA
# title: Replicas against autoscaler
# description: |
#   Git says one number of pods and the autoscaler another: at each sync the pods that the load needs are taken away.
# custom:
#   remediation: |
#     Remove spec.replicas from what an autoscaler scales.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling
#   - ref: https://argo-cd.readthedocs.io/en/stable/user-guide/best_practices/#leaving-room-for-imperativeness
package rules.gitops["replicas-against-autoscaler"]

import data.lib.kubernetes
import data.lib.result
import data.lib.scale

warn contains result.at(workload, ["spec", "replicas"], message) if {
	some workload in kubernetes.objects
	workload.spec.replicas != null
	scale.autoscaled[scale.target(workload)]
	message := sprintf("an autoscaler decides how many pods %s has", [kubernetes.name(workload)])
}
