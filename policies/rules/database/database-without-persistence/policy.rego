# METADATA
# title: Database without persistence
# description: |
#   The database's files are in the container or in an empty directory: when the pod goes, they go.
# custom:
#   remediation: |
#     Mount a claim (volumeClaimTemplates) where the image keeps its data, such as /var/lib/postgresql/data.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/storage/persistent-volumes/
#   - ref: https://github.com/docker-library/docs/blob/master/postgres/README.md
package rules.database["database-without-persistence"]

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.pods
import data.lib.result

warn contains result.at(one.pod.object, array.concat(one.path, ["volumeMounts"]), message) if {
	some one in pods.containers
	one.role == "container"
	kubernetes.kind(one.pod.object) in {"Deployment", "ReplicaSet", "StatefulSet"}
	nodes.class(one.container) == "database"
	folder := folder_of(one)
	not is_kept(one, folder)
	message := sprintf("%s keeps its data in %s, where no claim is mounted", [one.label, folder])
}

# What the image keeps its data in; a cache has none to keep.
folder_of(one) := data_of(one) if regex.match(`postgres|postgis|timescale|pgvector`, nodes.image_name(one.container))

folder_of(one) := folder if {
	some pattern, folder in {
		`mysql|mariadb|percona`: "/var/lib/mysql",
		`mongo`: "/data/db",
	}
	regex.match(pattern, nodes.image_name(one.container))
	not contains(kubernetes.text(one.container, ["image"]), "bitnami")
}

data_of(one) := array.concat(set_by_hand(one), [usual(one)])[0]

usual(one) := "/bitnami/postgresql" if {
	contains(kubernetes.text(one.container, ["image"]), "bitnami")
} else := "/var/lib/postgresql/18/docker" if {
	regex.match(`:1[89]`, kubernetes.text(one.container, ["image"]))
} else := "/var/lib/postgresql/data"

set_by_hand(one) := [kubernetes.text(variable, ["value"]) |
	some variable in kubernetes.list(one.container, ["env"])
	kubernetes.text(variable, ["name"]) == "PGDATA"
	kubernetes.text(variable, ["value"]) != ""
]

is_kept(one, folder) if {
	some mount in kubernetes.list(one.container, ["volumeMounts"])
	at := trim_right(kubernetes.text(mount, ["mountPath"]), "/")
	startswith(sprintf("%s/", [folder]), sprintf("%s/", [at]))
	kubernetes.text(mount, ["name"]) in kept_volumes(one.pod)
}

kept_volumes(pod) := {kubernetes.text(claim, ["metadata", "name"]) |
	some claim in kubernetes.list(pod.object, ["spec", "volumeClaimTemplates"])
} | {kubernetes.text(volume, ["name"]) |
	some volume in kubernetes.list(pod.spec, ["volumes"])
	some source in ["csi", "hostPath", "nfs", "persistentVolumeClaim"]
	kubernetes.value(volume, [source], null) != null
}
