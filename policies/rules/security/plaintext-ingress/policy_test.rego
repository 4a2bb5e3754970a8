package rules.security["plaintext-ingress_test"]

import data.rules.security["plaintext-ingress"] as rule

ingress(annotations, spec) := {
	"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
	"metadata": {"name": "g", "namespace": "asky", "annotations": annotations}, "spec": spec,
}

found(path, message) := {
	"message": message,
	"path": path,
	"resource": {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "namespace": "asky", "name": "g"},
	"source": null,
	"trace": [],
}

test_a_host_without_an_entry_is_named if {
	given := ingress({}, {
		"tls": [{"hosts": ["a.org", "*.b.org"]}],
		"rules": [{"host": "a.org"}, {"host": "x.b.org"}, {"host": "c.org"}],
	})
	rule.warn == {
		found(["spec", "rules", 2, "host"], "c.org is served in clear: no tls entry names it"),
	} with input as {"items": [given]}
}
