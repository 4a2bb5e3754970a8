package rules.database["missing-backup_test"]

import data.rules.database["missing-backup"] as rule

test_the_cluster_is_named if {
	cluster := {
		"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "db", "namespace": "asky"},
		"spec": {"instances": 3},
	}
	rule.warn == {{
		"message": "nothing says where the database is backed up to",
		"path": ["spec", "backup"],
		"resource": {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "namespace": "asky", "name": "db"},
		"source": null,
		"trace": [],
	}} with input as {"items": [cluster]}
}

cluster(spec) := {
	"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "db", "namespace": "asky"},
	"spec": object.union({"backup": {"barmanObjectStore": {"destinationPath": "s3://a"}}}, spec),
}

test_a_replica_of_another_cluster_needs_no_schedule if {
	rule.warn == set() with input as {"items": [cluster({"replica": {"enabled": true, "source": "main"}})]}
}

test_what_else_names_the_cluster_is_no_schedule if {
	once := {
		"apiVersion": "postgresql.cnpg.io/v1", "kind": "Backup", "metadata": {"name": "b", "namespace": "asky"},
		"spec": {"cluster": {"name": "db"}},
	}
	{one.path | some one in rule.warn} == {["metadata", "name"]} with input as {"items": [cluster({}), once]}
}

test_a_cluster_of_machines_is_no_database if {
	machines := {
		"apiVersion": "cluster.x-k8s.io/v1beta1", "kind": "Cluster", "metadata": {"name": "prod"},
		"spec": {"controlPlaneEndpoint": {"host": "10.0.0.1"}},
	}
	rule.warn == set() with input as {"items": [machines]}
}
