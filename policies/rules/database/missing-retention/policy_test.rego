package rules.database["missing-retention_test"]

import data.rules.database["missing-retention"] as rule

test_the_store_is_named if {
	store := {
		"apiVersion": "barmancloud.cnpg.io/v1", "kind": "ObjectStore",
		"metadata": {"name": "db", "namespace": "asky"}, "spec": {},
	}
	rule.warn == {{
		"message": "backups are kept for ever",
		"path": ["spec", "retentionPolicy"],
		"resource": {"apiVersion": "barmancloud.cnpg.io/v1", "kind": "ObjectStore", "namespace": "asky", "name": "db"},
		"source": null,
		"trace": [],
	}} with input as {"items": [store]}
}

test_other_kinds_of_the_plugin_keep_no_backups if {
	other := {
		"apiVersion": "barmancloud.cnpg.io/v1", "kind": "ObjectStoreCredentials",
		"metadata": {"name": "db", "namespace": "asky"}, "spec": {},
	}
	rule.warn == set() with input as {"items": [other]}
}
