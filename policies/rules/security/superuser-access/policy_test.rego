package rules.security["superuser-access_test"]

import data.rules.security["superuser-access"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_whoever_is_superuser_is_named if {
	given := pod({"containers": [{"name": "a", "env": [
		{"name": "DB_USER", "value": "postgres"},
		{"name": "P", "valueFrom": {"secretKeyRef": {"name": "db-superuser", "key": "password"}}},
	]}]})
	message := "container a logs in as the database's superuser"
	rule.warn == {
		found(["containers", 0, "env", 0, "value"], message),
		found(["containers", 0, "env", 1, "valueFrom", "secretKeyRef", "name"], message),
	} with input as {"items": [given]}
}
