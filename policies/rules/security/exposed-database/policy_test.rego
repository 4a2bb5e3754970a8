package rules.security["exposed-database_test"]

import data.rules.security["exposed-database"] as rule

service(name, spec) := {
	"apiVersion": "v1",
	"kind": "Service",
	"metadata": {"name": name, "namespace": "asky"},
	"spec": spec,
}

alias(from, to) := service(from, {"type": "ExternalName", "externalName": sprintf("%s.asky.svc.cluster.local", [to])})

ingress(name) := {
	"apiVersion": "networking.k8s.io/v1",
	"kind": "Ingress",
	"metadata": {"name": "gw", "namespace": "asky"},
	"spec": {"defaultBackend": {"service": {"name": name, "port": {"number": 5432}}}},
}

cluster := {
	"apiVersion": "postgresql.cnpg.io/v1",
	"kind": "Cluster",
	"metadata": {"name": "db", "namespace": "asky"},
	"spec": {"instances": 3},
}

found(kind, api, name, path, steps) := {
	"message": "the internet can reach a database",
	"path": path,
	"resource": {"apiVersion": api, "kind": kind, "namespace": "asky", "name": name},
	"source": null,
	"trace": steps,
}

test_the_field_that_opens_the_way_is_named_with_the_way if {
	public := service("public", {
		"type": "LoadBalancer",
		"selector": {"cnpg.io/cluster": "db"},
		"ports": [{"port": 5432}],
	})
	rule.deny == {found("Service", "v1", "public", ["spec", "type"], [
		"internet", "Service asky/public:5432", "Cluster asky/db",
	])} with input as {"items": [cluster, public]}
}

test_the_shortest_of_several_ways_is_shown if {
	rule.deny == {found("Ingress", "networking.k8s.io/v1", "gw", ["spec", "defaultBackend"], [
		"internet", "Ingress asky/gw", "Service asky/a", "Service asky/db-rw:5432", "Cluster asky/db",
	])} with input as {"items": [cluster, alias("a", "db-rw"), alias("b", "a"), ingress("a")]}
}

test_a_circle_of_aliases_leads_nowhere if {
	rule.deny == set() with input as {"items": [cluster, alias("a", "b"), alias("b", "a"), ingress("a")]}
}

test_a_way_longer_than_any_sane_one_is_still_found if {
	aliases := [alias(sprintf("s%d", [i]), sprintf("s%d", [i + 1])) | some i in numbers.range(0, 19)]
	rule.deny == {found("Ingress", "networking.k8s.io/v1", "gw", ["spec", "defaultBackend"], [
		"internet", "Ingress asky/gw", "Service asky/s0", "…",
	])} with input as {"items": array.concat(aliases, [cluster, alias("s20", "db-rw"), ingress("s0")])}
}

test_values_that_nobody_can_read_open_nothing if {
	releases := [
	{
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "db"},
		"spec": {"source": {"chart": "postgresql", "helm": {"values": values}}},
	} |
		some values in [5, "primary: [", null, ["a"]]
	]
	rule.deny == set() with input as {"items": releases}
}

test_an_annotation_of_another_type_makes_nothing_internal if {
	public := object.union(cluster, {"spec": {"managed": {"services": {"additional": [{"serviceTemplate": {
		"metadata": {"name": "public", "annotations": {"networking.gke.io/load-balancer-type": 5}},
		"spec": {"type": "LoadBalancer"},
	}}]}}}})
	count(rule.deny) == 1 with input as {"items": [public]}
}

public(kind, api, spec) := {
	"apiVersion": api, "kind": kind, "metadata": {"name": "gw", "namespace": "asky"}, "spec": spec,
}

virtual(name, spec) := object.union(
	public("VirtualService", "networking.istio.io/v1", spec),
	{"metadata": {"name": name}},
)

postgres(container) := {
	"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "pg", "namespace": "asky"},
	"spec": {"template": {"metadata": {"labels": {"app": "pg"}}, "spec": {"containers": [
		object.union({"name": "pg", "image": "postgres:17"}, container),
	]}}},
}

opens := {[one.resource.kind, one.path] | some one in rule.deny}

test_a_command_that_nobody_can_read_hides_no_database if {
	balancer := service("pg", {"type": "LoadBalancer", "selector": {"app": "pg"}, "ports": [{"port": 5432}]})
	opens == {["Service", ["spec", "type"]]} with input as {"items": [postgres({"command": [5]}), balancer]}
}

test_a_delegate_has_the_gateways_of_who_delegates_to_it_alone if {
	items := [
		cluster,
		virtual("site", {"gateways": ["front"], "http": [{"delegate": {"name": "web"}}]}),
		virtual("inside", {"gateways": ["mesh"], "http": [{"delegate": {"name": "data"}}]}),
		virtual("web", {"http": [{"route": [{"destination": {"host": "web"}}]}]}),
		virtual("data", {"http": [{"route": [{"destination": {"host": "db-rw", "port": {"number": 5432}}}]}]}),
	]
	opens == set() with input as {"items": items}
}

test_a_headless_service_that_the_cluster_s_operator_makes_may_be_published if {
	annotation := "external-dns.alpha.kubernetes.io/hostname"
	managed := object.union(cluster, {"spec": {"managed": {"services": {"additional": [{"serviceTemplate": {
		"metadata": {"name": "direct", "annotations": {annotation: "db.example.org"}},
		"spec": {"clusterIP": "None"},
	}}]}}}})
	path := ["spec", "managed", "services", "additional", 0, "serviceTemplate", "metadata", "annotations", annotation]
	opens == {["Cluster", path]} with input as {"items": [managed]}
}
