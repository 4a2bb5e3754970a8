# METADATA
# title: Missing disruption budget
# description: |
#   Nothing keeps a drain from taking all pods of the service at once.
# custom:
#   profile: prod
#   remediation: |
#     Add a PodDisruptionBudget with maxUnavailable: 1 that selects the pods; leave enablePDB on for a CloudNativePG
#     Cluster.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
#   - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
package rules.reliability["missing-disruption-budget"]

import data.lib.kubernetes
import data.lib.result
import data.lib.scale

warn contains result.at(workload.object, ["metadata", "name"], message) if {
	some workload in scale.served
	workload.replicas > 1
	not workload.index in guarded
	message := sprintf("no PodDisruptionBudget guards the pods of %s", [kubernetes.name(workload.object)])
}

warn contains result.at(cluster, ["spec", "enablePDB"], "no disruption budget guards the database") if {
	some cluster in scale.clusters
	kubernetes.value(cluster, ["spec", "enablePDB"], true) == false
	kubernetes.value(cluster, ["spec", "instances"], 1) > 1
}

guarded := {i | some budget in scale.budgets; some i in budget.guards}
