# METADATA
# title: Missing retention
# description: |
#   Backups are kept for ever: the bucket grows without end, and what should be forgotten is not.
# custom:
#   profile: prod
#   remediation: |
#     Set retentionPolicy, such as 30d, on the ObjectStore (or on the Cluster's backup).
# related_resources:
#   - ref: https://cloudnative-pg.io/documentation/current/backup/
#   - ref: https://cloudnative-pg.io/plugin-barman-cloud/docs/retention/
package rules.database["missing-retention"]

import data.lib.kubernetes
import data.lib.result
import data.lib.scale

warn contains result.at(store, ["spec", "retentionPolicy"], "backups are kept for ever") if {
	some store in kubernetes.objects
	kubernetes.kind(store) == "ObjectStore"
	kubernetes.group(store) == "barmancloud.cnpg.io"
	kubernetes.text(store, ["spec", "retentionPolicy"]) == ""
}

warn contains result.at(cluster, ["spec", "backup", "retentionPolicy"], "backups are kept for ever") if {
	some cluster in scale.clusters
	count(kubernetes.map(cluster, ["spec", "backup", "barmanObjectStore"])) > 0
	kubernetes.text(cluster, ["spec", "backup", "retentionPolicy"]) == ""
}
