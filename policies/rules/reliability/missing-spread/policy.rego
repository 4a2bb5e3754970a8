# METADATA
# title: Missing spread
# description: |
#   All pods of the service may run on one node, and go with it.
# custom:
#   profile: prod
#   remediation: |
#     Add topologySpreadConstraints (or a podAntiAffinity) over kubernetes.io/hostname and
#     topology.kubernetes.io/zone.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
#   - ref: https://cloudnative-pg.io/documentation/current/scheduling/
package rules.reliability["missing-spread"]

import data.lib.kubernetes
import data.lib.result
import data.lib.scale

warn contains result.at(workload.object, array.concat(workload.pod.path, ["topologySpreadConstraints"]), message) if {
	some workload in scale.served
	workload.replicas > 1
	count(kubernetes.list(workload.pod.spec, ["topologySpreadConstraints"])) == 0
	count(kubernetes.map(workload.pod.spec, ["affinity", "podAntiAffinity"])) == 0
	message := sprintf("the %d pods of %s may all run on one node", [
		workload.replicas,
		kubernetes.name(workload.object),
	])
}

warn contains result.at(cluster, ["spec", "affinity", "enablePodAntiAffinity"], message) if {
	some cluster in scale.clusters
	kubernetes.value(cluster, ["spec", "affinity", "enablePodAntiAffinity"], true) == false
	kubernetes.value(cluster, ["spec", "instances"], 1) > 1
	message := "the database and its standby may run on one node"
}
