package rules.database["replicated-database_test"]

import data.rules.database["replicated-database"] as rule

test_the_number_and_the_image_are_named if {
	given := {
		"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "p", "namespace": "asky"},
		"spec": {
			"replicas": 2,
			"template": {"spec": {"containers": [{"name": "p", "image": "docker.io/library/postgres:17"}]}},
		},
	}
	rule.warn == {{
		"message": "2 independent databases behind one name: the image postgres does not replicate by itself",
		"path": ["spec", "replicas"],
		"resource": {"apiVersion": "apps/v1", "kind": "StatefulSet", "namespace": "asky", "name": "p"},
		"source": null,
		"trace": [],
	}} with input as {"items": [given]}
}
