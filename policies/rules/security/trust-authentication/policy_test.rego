package rules.security["trust-authentication_test"]

import data.rules.security["trust-authentication"] as rule

given(lines) := {
	"apiVersion": "v1",
	"kind": "ConfigMap",
	"metadata": {"name": "c", "namespace": "asky"},
	"data": {"pg_hba.conf": lines},
}

found(message) := {
	"message": message,
	"path": ["data", "pg_hba.conf"],
	"resource": {"apiVersion": "v1", "kind": "ConfigMap", "namespace": "asky", "name": "c"},
	"source": null,
	"trace": [],
}

test_every_line_is_named if {
	lines := concat("\n", [
		"# host all all all trust", "local all all trust", "host all all 10.0.0.0/8 trust",
		"hostnossl a b 0.0.0.0 0.0.0.0 trust",
	])
	rule.deny == {
		found("whoever connects is let in without a password: host all all 10.0.0.0/8 trust"),
		found("whoever connects is let in without a password: hostnossl a b 0.0.0.0 trust"),
	} with input as {"items": [given(lines)]}
}

test_the_machine_itself_is_trusted if {
	rule.deny == set() with input as {"items": [given("host all all 127.0.0.1/32 trust\nhost all all ::1/128 trust")]}
	rule.deny == set() with input as {"items": [given("host all all localhost trust")]}
}
