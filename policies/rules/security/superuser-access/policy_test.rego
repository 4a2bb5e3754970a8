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

test_whoever_prepares_the_database_may_be_its_superuser if {
	container := {"name": "a", "env": [
		{"name": "PGUSER", "value": "postgres"},
		{"name": "P", "valueFrom": {"secretKeyRef": {"name": "db-superuser", "key": "password"}}},
	]}
	job := {
		"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "m", "namespace": "asky"},
		"spec": {"template": {"spec": {"containers": [container]}}},
	}
	rule.warn == set() with input as {"items": [job]}
	rule.warn == set() with input as {"items": [pod({"containers": [{"name": "b"}], "initContainers": [container]})]}
}

test_a_cluster_of_either_edition_is_named if {
	given := [{
		"apiVersion": api, "kind": "Cluster", "metadata": {"name": "db", "namespace": "asky"},
		"spec": {"enableSuperuserAccess": true, "managed": {"roles": [{"name": "root", "superuser": true}]}},
	} |
		some api in ["postgresql.cnpg.io/v1", "postgresql.k8s.enterprisedb.io/v1"]
	]
	{[one.resource.apiVersion, one.path] | some one in rule.warn} == {[manifest.apiVersion, path] |
		some manifest in given
		some path in [["spec", "enableSuperuserAccess"], ["spec", "managed", "roles", 0, "superuser"]]
	} with input as {"items": given}
}
