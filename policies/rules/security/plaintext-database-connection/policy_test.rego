package rules.security["plaintext-database-connection_test"]

import data.rules.security["plaintext-database-connection"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_setting_is_named if {
	given := pod({"containers": [{"name": "a", "env": [
		{"name": "PGSSLMODE", "value": "prefer"},
		{"name": "URL", "value": "postgres://$(U):$(P)@db/a?sslmode=disable"},
	]}]})
	rule.warn == {
		found(["containers", 0, "env", 0, "value"], "PGSSLMODE=prefer leaves the connection to the database in clear"),
		found(["containers", 0, "env", 1, "value"], "sslmode=disable leaves the connection to the database in clear"),
	} with input as {"items": [given]}
}

test_whichever_operator_switches_tls_off_is_named if {
	given := [{
		"apiVersion": api, "kind": "Cluster", "metadata": {"name": "db", "namespace": "asky"},
		"spec": {"postgresql": {"parameters": {"ssl": "off"}}},
	} |
		some api in ["acid.zalan.do/v1", "postgresql.cnpg.io/v1", "postgresql.k8s.enterprisedb.io/v1"]
	]
	{one.resource.apiVersion | some one in rule.warn} == {manifest.apiVersion | some manifest in given} with input as {
		"items": given,
	}
}
