# METADATA
# title: Blocking disruption budget
# description: |
#   The budget lets no pod go: draining a node waits for ever, and so does the update of the cluster.
# custom:
#   remediation: |
#     Use maxUnavailable: 1, or a minAvailable below the number of pods.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
#   - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
package rules.reliability["blocking-disruption-budget"]

import data.lib.kubernetes
import data.lib.result
import data.lib.scale

warn contains result.at(budget.object, ["spec", "maxUnavailable"], "no pod may ever be missing") if {
	some budget in scale.budgets
	kubernetes.value(budget.object, ["spec", "maxUnavailable"], 1) in {0, "0", "0%"}
}

warn contains result.at(budget.object, ["spec", "minAvailable"], message) if {
	some budget in scale.budgets
	least := kubernetes.value(budget.object, ["spec", "minAvailable"], 0)
	some i in budget.guards
	workload := kubernetes.pods[i].object
	kubernetes.kind(workload) in {"Deployment", "StatefulSet"}
	is_all(least, scale.replicas(workload))
	message := sprintf("%v of the %d pods of %s must always be there", [
		least,
		scale.replicas(workload),
		kubernetes.name(workload),
	])
}

is_all("100%", _)

is_all(least, number) if {
	is_number(least)
	least >= number
}
