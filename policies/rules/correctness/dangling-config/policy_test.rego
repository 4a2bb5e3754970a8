package rules.correctness["dangling-config_test"]

import data.rules.correctness["dangling-config"] as rule

deployment(container) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "asky"},
	"spec": {"template": {"spec": {"containers": [container]}}},
}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec", "template", "spec", "containers", 0], path),
	"resource": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "asky", "name": "a"},
	"source": null,
	"trace": [],
}

test_the_name_or_the_key_is_named if {
	config := {
		"apiVersion": "v1",
		"kind": "ConfigMap",
		"metadata": {"name": "c", "namespace": "asky"},
		"data": {"a": "b"},
	}
	given := deployment({
		"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "b"}}}],
		"envFrom": [{"secretRef": {"name": "s"}}, {"secretRef": {"name": "t", "optional": true}}],
	})
	rule.warn == {
		found(["env", 0, "valueFrom", "configMapKeyRef", "key"], "the ConfigMap c has no key b"),
		found(["envFrom", 0, "secretRef", "name"], "nothing here makes the Secret s"),
	} with input as {"items": [given, config]}
}

test_a_job_may_add_the_key if {
	secret := {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "c", "namespace": "asky"}, "data": {"a": "Yg=="}}
	job := {
		"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j", "namespace": "asky"},
		"spec": {"template": {"spec": {"containers": [{"name": "j", "args": ["kubectl patch secret c -p ..."]}]}}},
	}
	given := deployment({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "c", "key": "b"}}}]})
	rule.warn == set() with input as {"items": [given, secret, job]}
}

test_a_certificate_that_a_controller_fetches_or_has_is_there if {
	ingress := {
		"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
		"metadata": {"name": "i", "namespace": "asky", "annotations": {"cert-manager.io/cluster-issuer": "public"}},
		"spec": {"tls": [{"hosts": ["a.org"], "secretName": "fetched"}]},
	}
	rule.warn == set() with input as {"items": [ingress]}
	plain := object.union(ingress, {"metadata": {"annotations": null}, "spec": {"tls": [{"hosts": ["a.org"]}]}})
	rule.warn == set() with input as {"items": [plain]}
	mesh := object.union(ingress, {
		"apiVersion": "networking.istio.io/v1", "kind": "VirtualService",
		"metadata": {"annotations": null}, "spec": {"tls": [{"name": "passthrough"}]},
	})
	rule.warn == set() with input as {"items": [mesh]}
}

test_secrets_of_either_edition_of_cloudnativepg_are_looked_up if {
	clusters := [{
		"apiVersion": api, "kind": "Cluster", "metadata": {"name": "db", "namespace": "asky"},
		"spec": {"superuserSecret": {"name": "root"}},
	} |
		some api in ["postgresql.cnpg.io/v1", "postgresql.k8s.enterprisedb.io/v1"]
	]
	{[one.resource.apiVersion, one.path] | some one in rule.warn} == {[cluster.apiVersion, path] |
		some cluster in clusters
		path := ["spec", "superuserSecret", "name"]
	} with input as {"items": clusters}
}

written(kind, name, keys) := {
	"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "asky"}, "data": keys,
}

asks(field, name, key) := deployment({"env": [{"name": "A", "valueFrom": {field: {"name": name, "key": key}}}]})

test_a_key_is_looked_up_in_the_object_that_is_named if {
	path := ["env", 0, "valueFrom", "secretKeyRef", "key"]
	rule.warn == {found(path, "the Secret c has no key b")} with input as {"items": [
		asks("secretKeyRef", "c", "b"), written("Secret", "c", {"a": "Yg=="}), written("Secret", "d", {"b": "Yg=="}),
	]}
}

named(api, kind) := {"apiVersion": api, "kind": kind, "metadata": {"name": "db", "namespace": "asky"}}

test_only_a_cluster_of_postgres_makes_secrets_of_its_name if {
	asked := asks("secretKeyRef", "db-app", "password")
	every api in ["postgresql.cnpg.io/v1", "postgresql.k8s.enterprisedb.io/v1"] {
		rule.warn == set() with input as {"items": [asked, named(api, "Cluster")]}
	}
	missing := {found(["env", 0, "valueFrom", "secretKeyRef", "name"], "nothing here makes the Secret db-app")}
	rule.warn == missing with input as {"items": [asked, named("postgresql.cnpg.io/v1", "Pooler")]}
	rule.warn == missing with input as {"items": [asked, named("cluster.x-k8s.io/v1beta1", "Cluster")]}
}

nothing_makes(name) := {found(
	["env", 0, "valueFrom", "secretKeyRef", "name"],
	sprintf("nothing here makes the Secret %s", [name]),
)}

test_a_secret_of_another_api_makes_what_it_names_and_not_what_it_reads if {
	vault := object.union(named("secrets.hashicorp.com/v1beta1", "VaultStaticSecret"), {"spec": {
		"mount": "kv", "destination": {"name": "made"},
	}})
	rule.warn == set() with input as {"items": [asks("secretKeyRef", "made", "a"), vault]}
	rule.warn == nothing_makes("kv") with input as {"items": [asks("secretKeyRef", "kv", "a"), vault]}
}

test_what_kubernetes_makes_is_a_configmap if {
	rule.warn == set() with input as {"items": [asks("configMapKeyRef", "kube-root-ca.crt", "ca.crt")]}
	asked := asks("secretKeyRef", "kube-root-ca.crt", "ca.crt")
	rule.warn == nothing_makes("kube-root-ca.crt") with input as {"items": [asked]}
}

test_an_operator_makes_secrets_of_its_resource_s_name_beside_it if {
	asked := asks("secretKeyRef", "auth.db.credentials", "password")
	zalando := named("acid.zalan.do/v1", "postgresql")
	rule.warn == set() with input as {"items": [asked, zalando]}
	elsewhere := object.union(zalando, {"metadata": {"namespace": "other"}})
	another := object.union(zalando, {"metadata": {"name": "main"}})
	rule.warn == nothing_makes("auth.db.credentials") with input as {"items": [asked, elsewhere, another]}
	nameless := object.union(zalando, {"metadata": {"name": ""}})
	rule.warn == nothing_makes("auth.db.credentials") with input as {"items": [asked, nameless]}
}

job(args) := object.union(
	deployment({"name": "j", "args": args}),
	{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}},
)

test_a_job_s_script_makes_what_it_speaks_of_in_its_namespace if {
	asked := asks("secretKeyRef", "pw", "a")
	making := job(["kubectl create secret generic pw"])
	rule.warn == set() with input as {"items": [asked, making]}
	elsewhere := object.union(making, {"metadata": {"namespace": "other"}})
	another := job(["kubectl create secret generic token"])
	rule.warn == nothing_makes("pw") with input as {"items": [asked, elsewhere, another]}
	rule.warn == nothing_makes("pw") with input as {"items": [asked, job(["echo pw", 5])]}
	reader := object.union(deployment({"name": "r", "args": ["--tls-secret=pw"]}), {"metadata": {"name": "r"}})
	rule.warn == nothing_makes("pw") with input as {"items": [asked, reader]}
}
