package lib.secrets_test

import data.lib.secrets

# The fields of one object that write a secret out.
fields(manifest) := {path | some path, found in secrets.in_object(manifest, false); count(found) > 0}

config(held) := {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "config"}, "data": held}

resource(kind, name) := {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}}

# A ConfigMap beside other objects, and its keys that hold a secret.
beside(held, others) := {"items": array.concat([config(held)], others)}

keys := {one.path[1] | some one in secrets.rendered; one.path[0] == "data"}

test_a_number_is_a_password_wherever_it_stands if {
	fields({"env": [{"name": "DB_PASSWORD", "value": 48151623}]}) == {["env", 0, "value"]}
	fields({"kind": "Secret", "stringData": {"password": 48151623}}) == {["stringData", "password"]}
	fields({"kind": "Pod", "spec": {"args": ["--port", 8080, "--password", 48151623]}}) == {["spec", "args", 3]}
}

test_a_flag_and_its_value_are_neighbours_in_any_list if {
	fields({"values": {"extraArgs": ["serve", "--password", "hunter2"]}}) == {["values", "extraArgs", 2]}
	fields({"values": {"hosts": ["db-password", "hunter2"]}}) == set()
	fields({"values": {"steps": [{"run": "serve --password"}, "hunter2"]}}) == set()
	fields({"values": {"steps": [{"run": "serve"}, "--password", "hunter2"]}}) == {["values", "steps", 2]}
}

test_each_word_that_holds_a_secret_is_named if {
	addresses := ["postgres://auth:hunter2@postgres-0/asky", "postgres://auth:hunter2@postgres-1/asky"]
	fields({"spec": {"args": addresses}}) == {["spec", "args", 0], ["spec", "args", 1]}
	found := secrets.in_object({"spec": {"args": ["--password", "hunter2", "--token", "AbCd1234"]}}, false)
	{[path[2], one.value] | some path, ones in found; some one in ones} == {[1, "hunter2"], [3, "AbCd1234"]}
}

test_a_secret_in_a_variable_is_read_as_one if {
	manifest := "kind: Secret\nstringData:\n  license: AbCd1234"
	fields({"env": [{"name": "BOOTSTRAP", "value": manifest}]}) == {["env", 0, "value"]}
}

test_an_authorization_is_a_secret_when_it_is_one if {
	fields({"headers": [
		{"name": "Authorization", "value": "Basic YXV0aDpodW50ZXIy"},
		{"name": "Authorization", "value": "Bearer $(TOKEN)"},
		{"name": "authorization", "value": "rbac"},
	]}) == {["headers", 0, "value"]}
}

test_the_annotations_of_a_secret_are_read_too if {
	manifest := {
		"kind": "Secret",
		"metadata": {"annotations": {"example.org/source": "postgres://auth:hunter2@postgres/asky"}},
	}
	fields(manifest) == {["metadata", "annotations", "example.org/source"]}
}

test_annotations_tell_agents_where_secrets_are if {
	annotations := {
		"vault.hashicorp.com/agent-inject-file-password": "db-password.txt",
		"example.org/admin-password": "hunter2",
		"example.org/store-password": "asky/prod/db",
	}
	fields({"metadata": {"annotations": annotations}}) == {["metadata", "annotations", "example.org/admin-password"]}
	fields({"spec": {"vaultPassword": "hunter2"}}) == {["spec", "vaultPassword"]}
}

test_a_password_may_look_like_a_path if {
	fields({"spec": {"adminPassword": "hunter2/x9"}}) == {["spec", "adminPassword"]}
}

test_a_template_that_speaks_of_secrets_need_not_be_yaml if {
	fields(config({"secret.yaml": "kind: Secret\nstringData: {{ .Values.data }}\n"})) == set()
}

test_the_name_of_a_secret_is_none if {
	given := {"TOKEN": "asky-token"}
	keys == {"TOKEN"} with input as beside(given, [])
	keys == set() with input as beside(given, [resource("Secret", "asky-token")])
	keys == {"TOKEN"} with input as beside(given, [resource("Service", "asky-token")])
}

test_the_name_that_a_reference_gives_a_secret_is_none if {
	reference := {"secretKeyRef": {"name": "asky-token", "key": "asky-key"}}
	referring := {"kind": "Pod", "env": [{"name": "asky-env", "valueFrom": reference}]}
	given := {"A_TOKEN": "asky-token", "B_TOKEN": "asky-key", "C_TOKEN": "asky-env"}
	keys == {"B_TOKEN", "C_TOKEN"} with input as beside(given, [referring])
}

test_a_password_is_one_even_when_a_secret_is_called_so if {
	given := {"POSTGRES_PASSWORD": "postgres"}
	keys == {"POSTGRES_PASSWORD"} with input as beside(given, [resource("Secret", "postgres")])
}

test_an_operator_names_secrets_after_its_cluster if {
	given := {"DB_CREDS": "asky-app"}
	cluster := {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": {"name": "asky"}}
	keys == set() with input as beside(given, [cluster])
	keys == {"DB_CREDS"} with input as beside(given, [object.union(cluster, {"kind": "Pooler"})])
	keys == {"DB_CREDS"} with input as beside(given, [object.union(cluster, {"apiVersion": "cluster.x-k8s.io/v1beta1"})])
}
