# METADATA
# title: Overlapping selector
# description: |
#   Two workloads select the same pods: each counts, scales and deletes the other's.
# custom:
#   remediation: |
#     Give each workload's selector and template a label of its own.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
package rules.correctness["overlapping-selector"]

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.result

warn contains result.at(pod.object, ["spec", "selector"], message) if {
	some i, pod in kubernetes.pods
	kubernetes.kind(pod.object) in kinds
	selector := kubernetes.map(pod.object, ["spec", "selector"])
	count(selector) > 0
	others := nodes.selected_by(selector, kubernetes.namespace(pod.object)) - {i}
	some other in others
	kubernetes.kind(kubernetes.pods[other].object) in kinds

	# Two forms of one object are never applied together.
	kubernetes.name(kubernetes.pods[other].object) != kubernetes.name(pod.object)
	message := sprintf("this selects the pods of %s %s, too", [
		kubernetes.kind(kubernetes.pods[other].object),
		kubernetes.name(kubernetes.pods[other].object),
	])
}

kinds := {"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}
