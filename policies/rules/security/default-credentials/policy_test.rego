package rules.security["default-credentials_test"]

import data.rules.security["default-credentials"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_field_is_named_and_the_password_is_not if {
	given := pod({"containers": [{"name": "a", "env": [{"name": "POSTGRES_PASSWORD", "value": "postgres"}]}]})
	message := "the value of POSTGRES_PASSWORD is the one that everybody tries first"
	rule.deny == {found(["containers", 0, "env", 0, "value"], message)} with input as {"items": [given]}
}
