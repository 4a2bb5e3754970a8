# METADATA
# title: Single replica
# description: |
#   There is one pod: a node that is drained, an update of the node or a crash is an outage.
# custom:
#   profile: prod
#   remediation: |
#     Set replicas to 2 or more, or let an autoscaler keep at least 2; instances: 3 for a CloudNativePG Cluster.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
#   - ref: https://cloudnative-pg.io/documentation/current/
package rules.reliability["single-replica"]

import data.lib.kubernetes
import data.lib.result
import data.lib.scale

warn contains result.at(workload.object, ["spec", "replicas"], message) if {
	some workload in scale.served
	workload.object.kind == "Deployment"
	workload.replicas == 1
	not workload.is_data
	kubernetes.text(workload.object, ["spec", "strategy", "type"]) != "Recreate"
	message := sprintf("one pod serves what is asked of %s", [kubernetes.name(workload.object)])
}

warn contains result.at(cluster, ["spec", "instances"], "the database has one instance and no standby") if {
	some cluster in scale.clusters
	kubernetes.value(cluster, ["spec", "instances"], 1) == 1
}
