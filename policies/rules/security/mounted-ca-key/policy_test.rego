package rules.security["mounted-ca-key_test"]

import data.rules.security["mounted-ca-key"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

cluster := {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "db", "namespace": "asky"}}

test_volume_and_variables_are_named if {
	given := pod({
		"volumes": [
			{"name": "ca", "secret": {"secretName": "db-ca"}},
			{"name": "other", "secret": {"secretName": "web-ca"}},
		],
		"containers": [{
			"name": "a", "envFrom": [{"secretRef": {"name": "db-ca"}}],
			"env": [{"name": "K", "valueFrom": {"secretKeyRef": {"name": "db-ca", "key": "ca.key"}}}],
		}],
	})
	rule.deny == {
		found(["volumes", 0, "secret"], "the volume ca holds ca.key of db-ca, not its certificate alone"),
		found(["containers", 0, "envFrom", 0, "secretRef", "name"], "container a is given ca.key of db-ca"),
		found(["containers", 0, "env", 0, "valueFrom", "secretKeyRef", "key"], "container a is given ca.key of db-ca"),
	} with input as {"items": [given, cluster]}
}

test_secrets_that_hold_no_authority_of_a_cluster_may_be_given if {
	given := pod({
		"volumes": [{"name": "own", "secret": {"secretName": "db"}}],
		"containers": [{
			"name": "a", "envFrom": [{"secretRef": {"name": "web-ca"}}],
			"env": [{"name": "K", "valueFrom": {"secretKeyRef": {"name": "web-ca", "key": "ca.key"}}}],
		}],
	})
	rule.deny == set() with input as {"items": [given, cluster]}
}

test_edb_s_edition_of_cloudnative_pg_keeps_its_authority_under_the_same_name if {
	given := pod({"volumes": [{"name": "ca", "secret": {"secretName": "db-ca"}}], "containers": []})
	theirs := object.union(cluster, {"apiVersion": "postgresql.k8s.enterprisedb.io/v1"})
	rule.deny == {found(
		["volumes", 0, "secret"],
		"the volume ca holds ca.key of db-ca, not its certificate alone",
	)} with input as {"items": [given, theirs]}
}
