package rules.security["wide-pg-hba_test"]

import data.rules.security["wide-pg-hba"] as rule

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

test_every_line_is_named_with_its_problem if {
	lines := concat("\n", [
		"host all all 0.0.0.0/0 md5", "host all all ::/0 scram-sha-256", "hostssl all all all scram-sha-256",
		"hostnossl all all all reject",
	])
	rule.deny == {
		found("a weak method for every address: host all all 0.0.0.0/0 md5"),
		found("everybody, everywhere, without TLS: host all all ::/0 scram-sha-256"),
	} with input as {"items": [given(lines)]}
}

test_one_database_or_one_user_is_not_everybody if {
	lines := "host asky all 0.0.0.0/0 scram-sha-256\nhost all auth 0.0.0.0/0 scram-sha-256"
	rule.deny == set() with input as {"items": [given(lines)]}
}
