package rules.reliability["missing-digest_test"]

import data.rules.reliability["missing-digest"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_databases_alone_are_asked if {
	given := pod({"containers": [{"name": "a", "image": "ghcr.io/acme/auth:1"}, {"name": "b", "image": "redis:8"}]})
	rule.warn == {
		found(["containers", 1, "image"], "the database's image redis:8 has no digest"),
	} with input as {"items": [given]}
}
