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

test_a_certificate_by_annotation_is_for_every_host if {
	given := ingress(
		{"alb.ingress.kubernetes.io/certificate-arn": "arn:aws:acm:eu-central-1:1:certificate/a"},
		{"tls": [{"hosts": ["a.org"]}], "rules": [{"host": "b.org"}]},
	)
	rule.warn == set() with input as {"items": [given]}
}

test_a_rule_without_a_host_has_no_name_to_miss if {
	given := ingress({}, {"tls": [{"hosts": ["a.org"]}], "rules": [{"http": {"paths": []}}]})
	rule.warn == set() with input as {"items": [given]}
}

test_other_apis_have_ingresses_and_gateways_too if {
	items := [
		object.union(ingress({}, {}), {"apiVersion": "networking.internal.knative.dev/v1alpha1"}),
		object.union(ingress({}, {}), {"kind": "IngressClass"}),
		gateway("networking.istio.io/v1", "Gateway", [{"protocol": "HTTP"}]),
		gateway("gateway.networking.k8s.io/v1", "ListenerSet", [{"protocol": "HTTP"}]),
		gateway("gateway.networking.k8s.io/v1", "Gateway", []),
	]
	rule.warn == set() with input as {"items": items}
}

gateway(api, kind, listeners) := {
	"apiVersion": api, "kind": kind, "metadata": {"name": "g", "namespace": "asky"}, "spec": {"listeners": listeners},
}
