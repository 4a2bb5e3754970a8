package rules.reliability["missing-readiness-probe_test"]

import data.rules.reliability["missing-readiness-probe"] as rule

deployment(spec) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "auth", "namespace": "asky"},
	"spec": object.union({"template": {"metadata": {"labels": {"app": "auth"}}, "spec": {"containers": []}}}, spec),
}

service := {
	"apiVersion": "v1", "kind": "Service", "metadata": {"name": "auth", "namespace": "asky"},
	"spec": {"selector": {"app": "auth"}, "ports": [{"port": 80, "targetPort": "http"}]},
}

found(path, message) := {
	"message": message,
	"path": path,
	"resource": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_container_and_service_are_named if {
	containers := [
		{"name": "auth", "ports": [{"name": "http", "containerPort": 8003}]},
		{"name": "exporter", "ports": [{"containerPort": 9187}]},
	]
	given := deployment({"template": {"metadata": {"labels": {"app": "auth"}}, "spec": {"containers": containers}}})
	rule.warn == {found(
		["spec", "template", "spec", "containers", 0, "readinessProbe"],
		"container auth gets the requests of Service auth and has no readiness probe",
	)} with input as {"items": [given, service]}
}

test_of_two_containers_without_ports_either_may_receive if {
	spec := {"containers": [{"name": "auth"}, {"name": "helper"}]}
	given := deployment({"template": {"metadata": {"labels": {"app": "auth"}}, "spec": spec}})
	rule.warn == set() with input as {"items": [given, service]}
}
