package rules.reliability["mutable-tag_test"]

import data.rules.reliability["mutable-tag"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_image_and_its_problem_are_named if {
	images := ["a", "reg:5000/a", "a:latest", "a:1.2-main", "a:latest@sha256:1", "a:1.2", "a:17", "a:$(TAG)"]
	given := pod({"containers": [{"name": image, "image": image} | some image in images]})
	rule.warn == {
		found(["containers", 0, "image"], "the image a has no tag, which is latest"),
		found(["containers", 1, "image"], "the image reg:5000/a has no tag, which is latest"),
		found(["containers", 2, "image"], "the image a:latest has a tag that moves"),
		found(["containers", 3, "image"], "the image a:1.2-main has a tag that moves"),
	} with input as {"items": [given]}
}

test_a_poolers_own_image_counts_in_either_edition_of_cloudnative_pg if {
	every group in {"postgresql.cnpg.io", "postgresql.k8s.enterprisedb.io"} {
		pooler := {
			"apiVersion": sprintf("%s/v1", [group]),
			"kind": "Pooler",
			"metadata": {"name": "asky-db-rw", "namespace": "asky"},
			"spec": {"cluster": {"name": "asky-db"}, "pgbouncer": {"poolMode": "session", "image": "ghcr.io/acme/pgbouncer"}},
		}
		{[one.path, one.message] | some one in rule.warn} == {[
			["spec", "pgbouncer", "image"],
			"the image ghcr.io/acme/pgbouncer has no tag, which is latest",
		]} with input as {"items": [pooler]}
	}
}
