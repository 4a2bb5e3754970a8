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

replicated(kind, replicas, spec) := {
	"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "p", "namespace": "asky"},
	"spec": {"replicas": replicas, "template": {"spec": spec}},
}

postgres := {"name": "p", "image": "postgres:17"}

test_what_prepares_an_application_is_no_database if {
	spec := {"containers": [{"name": "a", "image": "acme/auth:1"}], "initContainers": [postgres]}
	rule.warn == set() with input as {"items": [replicated("Deployment", 2, spec)]}
}

test_an_operator_replicates_what_its_resource_describes if {
	fleet := object.union(replicated("PostgresFleet", 2, {"containers": [postgres]}), {"apiVersion": "db.example.org/v1"})
	rule.warn == set() with input as {"items": [fleet]}
}

test_a_number_that_nobody_can_read_is_for_the_schema_to_say if {
	rule.warn == set() with input as {"items": [replicated("StatefulSet", "2", {"containers": [postgres]})]}
}
