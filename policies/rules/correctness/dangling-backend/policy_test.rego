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
