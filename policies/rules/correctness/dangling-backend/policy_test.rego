package rules.correctness["dangling-backend_test"]

import data.rules.correctness["dangling-backend"] as rule

ingress(service) := {
	"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "w", "namespace": "asky"},
	"spec": {"defaultBackend": {"service": service}},
}

service := {
	"apiVersion": "v1", "kind": "Service", "metadata": {"name": "auth", "namespace": "asky"},
	"spec": {"ports": [{"name": "http", "port": 80}]},
}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec", "defaultBackend", "service"], path),
	"resource": {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "namespace": "asky", "name": "w"},
	"source": null,
	"trace": [],
}

test_the_service_or_the_port_is_named if {
	rule.warn == {
		found(["name"], "there is no Service asky/web here"),
	} with input as {"items": [ingress({"name": "web", "port": {"number": 80}}), service]}
	rule.warn == {
		found(["port", "number"], "the Service asky/auth has no port 8080"),
	} with input as {"items": [ingress({"name": "auth", "port": {"number": 8080}}), service]}
}

route(backend) := {
	"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "r", "namespace": "asky"},
	"spec": {"rules": [{"backendRefs": [backend]}]},
}

test_a_port_of_another_service_is_none_of_this_one if {
	other := object.union(service, {"metadata": {"name": "other"}, "spec": {"ports": [{"port": 8080}]}})
	rule.warn == {
		found(["port", "number"], "the Service asky/auth has no port 8080"),
	} with input as {"items": [ingress({"name": "auth", "port": {"number": 8080}}), service, other]}
}

test_an_alias_has_no_ports_to_miss if {
	alias := object.union(service, {"spec": {"type": "ExternalName", "externalName": "a.example.org", "ports": null}})
	rule.warn == set() with input as {"items": [ingress({"name": "auth", "port": {"number": 8080}}), alias]}
}

test_a_reference_without_a_port_is_looked_up_too if {
	rule.warn == {found(["name"], "there is no Service asky/web here")} with input as {"items": [ingress({"name": "web"})]}
	rule.warn == set() with input as {"items": [route({"name": "auth"}), service]}
}

test_a_reference_without_a_name_is_for_the_schema_to_say if {
	items := [ingress({"name": "", "port": {"number": 80}}), route({"port": 80})]
	rule.warn == set() with input as {"items": items}
}

test_a_backend_that_is_no_service_is_not_looked_up if {
	bucket := {"kind": "Bucket", "group": "storage.example.org", "name": "pictures"}
	rule.warn == set() with input as {"items": [route(bucket)]}
}

test_other_apis_may_use_the_same_fields if {
	missing := {"name": "web", "port": {"number": 80}}
	items := [
		object.union(ingress(missing), {"apiVersion": "networking.internal.knative.dev/v1alpha1"}),
		object.union(ingress(missing), {"kind": "IngressDefaults"}),
		object.union(route({"name": "web"}), {"apiVersion": "mesh.example.org/v1"}),
		object.union(route({"name": "web"}), {"kind": "RouteDefaults"}),
	]
	rule.warn == set() with input as {"items": items}
}
