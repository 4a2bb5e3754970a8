# METADATA
# title: Replicated database
# description: |
#   Each replica of a plain database image is a database of its own: half of the writes go to one, half to the other,
#   and none has all.
# custom:
#   remediation: |
#     Keep replicas: 1, or use an operator such as CloudNativePG, which knows which instance is the primary.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
#   - ref: https://cloudnative-pg.io/documentation/current/
package rules.database["replicated-database"]

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.pods
import data.lib.result

warn contains result.at(pod.object, ["spec", "replicas"], message) if {
	some one in pods.containers
	one.role == "container"
	pod := one.pod
	kubernetes.kind(pod.object) in {"Deployment", "StatefulSet"}
	replicas := kubernetes.value(pod.object, ["spec", "replicas"], 1)
	is_number(replicas)
	replicas > 1
	nodes.image_name(one.container) in plain
	not knows_replication(pod)
	message := sprintf("%d independent databases behind one name: the image %s does not replicate by itself", [
		replicas,
		nodes.image_name(one.container),
	])
}

plain := {"mariadb", "mysql", "pgvector", "postgis", "postgres", "timescaledb"}

# Whoever sets replication up says so somewhere in the pod.
knows_replication(pod) if {
	some described in kubernetes.containers(pod)
	regex.match(`(?i)replica|standby|primary_conninfo|pg_basebackup|patroni|repmgr|galera|stolon`, json.marshal(described.container))
}
