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
