package rules.database["database-without-persistence_test"]

import data.rules.database["database-without-persistence"] as rule

test_the_folder_is_named if {
	given := {
		"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "p", "namespace": "asky"},
		"spec": {"template": {"spec": {"containers": [{"name": "p", "image": "postgres:18.1"}]}}},
	}
	rule.warn == {{
		"message": "container p keeps its data in /var/lib/postgresql/18/docker, where no claim is mounted",
		"path": ["spec", "template", "spec", "containers", 0, "volumeMounts"],
		"resource": {"apiVersion": "apps/v1", "kind": "StatefulSet", "namespace": "asky", "name": "p"},
		"source": null,
		"trace": [],
	}} with input as {"items": [given]}
}
