package rules.security["inline-secret_test"]

import data.rules.security["inline-secret"] as rule

variable(value) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "auth", "namespace": "asky"},
	"spec": {"template": {"spec": {"containers": [{"name": "auth", "env": [{"name": "DB_PASSWORD", "value": value}]}]}}},
}

manifest(written) := {"file": "base/a.yaml", "document": 0, "kind": "manifest", "object": written, "text": null}

kustomization(written) := {
	"file": "base/kustomization.yaml",
	"document": 0,
	"kind": "kustomization",
	"object": object.union(written, {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}),
	"text": null,
}

env_path := ["spec", "template", "spec", "containers", 0, "env", 0, "value"]

deployment := {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "asky", "name": "auth"}

rendered(path, message) := {
	"message": message, "path": path, "resource": deployment, "source": null, "trace": [],
}

hidden(source, resource, path, what) := {
	"message": sprintf("%s is written out; the render does not show it, git does", [what]),
	"path": path,
	"resource": resource,
	"source": {"file": source.file, "document": source.document},
	"trace": [],
}

test_a_placeholder_that_the_render_does_not_show_is_none if {
	given := {"items": [variable("$(DB)")], "sources": [manifest(variable("changeme"))]}
	rule.deny == set() with input as given
	rule.warn == set() with input as given
}

test_what_render_and_source_both_show_is_one_finding if {
	written := variable("hunter2")
	rule.deny == {rendered(env_path, "the value of DB_PASSWORD is written out")} with input as {
		"items": [written],
		"sources": [manifest(written)],
	}
}

test_a_literal_that_an_overlay_replaces_is_found_in_its_source if {
	base := manifest(variable("hunter2"))
	rule.deny == {hidden(base, deployment, env_path, "the value of DB_PASSWORD")} with input as {
		"items": [variable("$(PW)")],
		"sources": [base],
	}
}

test_a_generator_that_is_rendered_is_the_render_s_finding if {
	source := kustomization({"secretGenerator": [{"name": "db", "literals": ["password=hunter2", "username=auth"]}]})
	secret := {
		"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db-abc", "namespace": "asky"},
		"data": {"password": base64.encode("hunter2"), "username": base64.encode("auth")},
	}
	{[one.path, one.source] | some one in rule.deny} == {[["data", "password"], null]} with input as {
		"items": [secret],
		"sources": [source],
	}
}

test_whatever_a_kustomization_hides_is_found if {
	source := kustomization({
		"secretGenerator": [{"name": "a", "literals": ["password=hunter1", "username=auth"]}],
		"configMapGenerator": [{"name": "b", "literals": ["DB_PASSWORD='hunter2'", "LOG=info", "no-value"]}],
		"patches": [
			{"patch": "- op: replace\n  path: /data/password\n  value: hunter3\n- op: remove\n  path: /x\n"},
			{"patch": "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {blob: hunter4}\n"},
			{"patch": "- op: add\n  path: /env/-\n  value: {name: API_TOKEN, value: hunter5}\n"},
			{"path": "patch.yaml"},
			{"patch": "{not: [yaml"},
			{"patch": "- op: add\n  path: /env\n  value: [{name: API_TOKEN, value: hunter8}]\n"},
			{"patch": "# password: 'hunter9'\n- op: remove\n  path: /x\n"},
		],
		"patchesStrategicMerge": ["kind: ConfigMap\ndata: {password: hunter6}\n", "file.yaml", 7],
		"helmCharts": [{"name": "c", "valuesInline": {"auth": {"token": "hunter7"}}}],
	})
	rule.deny == {
		hidden(source, null, ["secretGenerator", 0, "literals", 0], "the key password of a Secret"),
		hidden(source, null, ["configMapGenerator", 0, "literals", 0], "the value of DB_PASSWORD"),
		hidden(source, null, ["patches", 0, "patch"], "the value of password"),
		hidden(source, null, ["patches", 1, "patch"], "the key blob of a Secret"),
		hidden(source, null, ["patches", 2, "patch"], "the value of API_TOKEN"),
		hidden(source, null, ["patches", 5, "patch"], "the value of API_TOKEN"),
		hidden(source, null, ["patches", 6, "patch"], "the value of password"),
		hidden(source, null, ["patchesStrategicMerge", 0], "the value of password"),
		hidden(source, null, ["helmCharts", 0, "valuesInline", "auth", "token"], "the value of token"),
	} with input as {"items": [], "sources": [source]}
}

test_a_literal_that_names_a_secret_is_none if {
	source := kustomization({"configMapGenerator": [{"name": "a", "literals": ["DB_TOKEN=asky-db"]}]})
	rule.deny == set() with input as {
		"items": [{"apiVersion": "v1", "kind": "SealedSecret", "metadata": {"name": "asky-db"}}],
		"sources": [source],
	}
}

test_patches_and_data_are_read_as_what_they_are if {
	patch := {
		"file": "p.yaml", "document": 1, "kind": "patch", "text": null,
		"object": [
			{"op": "add", "path": "/data/password", "value": "hunter1"}, "oops", {"value": 5},
			{"op": "replace", "path": "/data/url", "value": "postgres://auth:hunter4@postgres/asky"},
		],
	}
	values := {
		"file": "values.yaml", "document": 0, "kind": "data", "text": null,
		"object": {"auth": {"secret": "hunter2"}},
	}
	sql := {
		"file": "init.sql", "document": 0, "kind": "data", "object": null,
		"text": "CREATE ROLE a PASSWORD 'hunter3';\n",
	}
	rule.deny == {
		hidden(patch, null, [0, "value"], "the value of password"),
		hidden(patch, null, [3, "value"], "the password of a connection string"),
		hidden(values, null, ["auth", "secret"], "the value of secret"),
		hidden(sql, null, [], "the password of an SQL role"),
	} with input as {"items": [], "sources": [patch, values, sql]}
}

test_a_placeholder_warns_where_it_is_rendered_and_only_there if {
	base := manifest(variable("changeme"))
	warned := rule.warn with input as {"items": [variable("changeme")], "sources": [base]}
	warned == {rendered(env_path, "the value of DB_PASSWORD is a placeholder, and the cluster will take it as it is")}
	rule.deny == set() with input as {"items": [variable("changeme")], "sources": [base]}
	rule.warn == set() with input as {"items": [variable("$(PW)")], "sources": [base]}
}

test_no_message_holds_the_value if {
	secret := {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"password": "canary-4711"}}
	said := rule.deny | rule.warn with input as {"items": [variable("canary-4711"), secret]}
	count(said) == 2
	not contains(json.marshal(said), "canary")
}

test_a_custom_resource_definition_holds_no_secrets if {
	rule.deny == set() with input as {"items": [{
		"apiVersion": "apiextensions.k8s.io/v1",
		"kind": "CustomResourceDefinition",
		"spec": {"default": {"password": "example-1"}},
	}]}
}

test_a_secret_whose_data_is_a_list_is_for_the_schema_to_say if {
	secret := {
		"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "asky"},
		"data": ["aHVudGVyMg=="], "stringData": ["hunter2"],
	}
	rule.deny == set() with input as {"items": [secret]}
}
