package lib.configuration_test

import data.lib.configuration

manifest(version, kind, fields) := object.union(fields, {
	"apiVersion": version, "kind": kind, "metadata": {"name": "asky-db", "namespace": "asky"},
})

test_what_is_no_text_is_left_out if {
	container := {
		"name": "a",
		"args": ["serve", 5],
		"env": [{"name": "A", "value": "b"}, {"name": "EMPTY", "value": ""}, {"name": "SECRET", "valueFrom": {}}],
	}
	lines := ["host all all 10.0.0.0/8 md5", 5]
	items := [
		manifest("v1", "Pod", {"spec": {"containers": [container]}}),
		manifest("v1", "ConfigMap", {"data": {"c": "d", "e": 5}}),
		manifest("postgresql.cnpg.io/v1", "Cluster", {"spec": {"postgresql": {"pg_hba": lines}}}),
	]
	found := [one.text | some one in configuration.texts] with input as {"items": items}
	found == ["b", "serve", "d", "host all all 10.0.0.0/8 md5"]
}

test_what_a_secret_holds_is_base64_and_no_text if {
	items := [manifest("v1", "Secret", {"data": {"pg_hba.conf": "aG9zdA=="}})]
	configuration.texts == [] with input as {"items": items}
}

test_a_cluster_is_cloudnativepg_s_alone if {
	others := [manifest("cluster.x-k8s.io/v1beta1", "Cluster", {}), manifest("postgresql.cnpg.io/v1", "Pooler", {})]
	configuration.clusters == set() with input as {"items": others}
	cluster := manifest("postgresql.cnpg.io/v1", "Cluster", {})
	configuration.clusters == {["asky", "asky-db"]} with input as {"items": [cluster]}
}
