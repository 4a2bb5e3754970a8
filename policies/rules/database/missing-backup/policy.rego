# METADATA
# title: Missing backup
# description: |
#   There is no backup of the database: a dropped table, a lost bucket of disks or a bad migration is final.
# custom:
#   profile: prod
#   remediation: |
#     Give the Cluster a backup (the plugin barman-cloud with an ObjectStore, or volumeSnapshot) and a
#     ScheduledBackup.
# related_resources:
#   - ref: https://cloudnative-pg.io/documentation/current/backup/
#   - ref: https://cloudnative-pg.io/plugin-barman-cloud/
package rules.database["missing-backup"]

import data.lib.kubernetes
import data.lib.result
import data.lib.scale

warn contains result.at(cluster, ["spec", "backup"], "nothing says where the database is backed up to") if {
	some cluster in scale.clusters
	not has_store(cluster)
	not is_replica(cluster)
}

warn contains result.at(cluster, ["metadata", "name"], "no ScheduledBackup backs the database up") if {
	some cluster in scale.clusters
	has_store(cluster)
	not is_replica(cluster)
	not is_asleep(cluster)
	not [kubernetes.namespace(cluster), kubernetes.name(cluster)] in scheduled
}

has_store(cluster) if count(kubernetes.map(cluster, ["spec", "backup"])) > 0

has_store(cluster) if {
	some plugin in kubernetes.list(cluster, ["spec", "plugins"])
	startswith(kubernetes.text(plugin, ["name"]), "barman-cloud")
}

# A replica cluster's source is backed up.
is_replica(cluster) if kubernetes.value(cluster, ["spec", "replica", "enabled"], false) == true

# Its volumes stay and nothing runs: there is nobody to take a backup, and nothing new to be in one.
is_asleep(cluster) if kubernetes.text(cluster, ["metadata", "annotations", "cnpg.io/hibernation"]) == "on"

scheduled contains [kubernetes.namespace(backup), kubernetes.text(backup, ["spec", "cluster", "name"])] if {
	some backup in kubernetes.objects
	kubernetes.kind(backup) == "ScheduledBackup"
	kubernetes.value(backup, ["spec", "suspend"], false) == false
}
