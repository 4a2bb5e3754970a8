package rules.correctness["selector-without-match_test"]

import data.rules.correctness["selector-without-match"] as rule

test_the_service_is_named if {
	pod := {
		"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "asky", "labels": {"app": "a"}},
		"spec": {"containers": []},
	}
	service := {
		"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "asky"},
		"spec": {"selector": {"app": "b"}},
	}
	rule.warn == {{
		"message": "no pod of the namespace has the labels that Service s selects",
		"path": ["spec", "selector"],
		"resource": {"apiVersion": "v1", "kind": "Service", "namespace": "asky", "name": "s"},
		"source": null,
		"trace": [],
	}} with input as {"items": [pod, service]}
}

pods := [{
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "asky"},
	"spec": {"template": {"metadata": {"labels": {"app": "a"}}, "spec": {"containers": []}}},
}]

made(api, kind, namespace, spec) := {
	"apiVersion": api, "kind": kind, "metadata": {"name": "s", "namespace": namespace}, "spec": spec,
}

found := {[one.resource.kind, one.path] | some one in rule.warn}

test_labels_that_only_look_like_an_operator_s_are_looked_up if {
	role := made("v1", "Service", "asky", {"selector": {"role": "prometheus"}})
	found == {["Service", ["spec", "selector"]]} with input as {"items": array.concat(pods, [role])}
	name := made("v1", "Service", "asky", {"selector": {"deployment": "a"}})
	found == {["Service", ["spec", "selector"]]} with input as {"items": array.concat(pods, [name])}
}

test_a_service_without_a_selector_has_its_addresses_elsewhere if {
	found == set() with input as {"items": array.concat(pods, [made("v1", "Service", "asky", {"ports": [{"port": 80}]})])}
}

test_a_template_of_an_operator_s_service_is_completed_by_it if {
	cluster := made("postgresql.cnpg.io/v1", "Cluster", "asky", {"managed": {"services": {"additional": [{
		"selectorType": "rw",
		"serviceTemplate": {"metadata": {"name": "rw"}, "spec": {"selector": {"zone": "a"}}},
	}]}}})
	found == set() with input as {"items": [cluster]}
}

test_a_policy_of_a_namespace_without_pods_is_for_those_to_come if {
	policy := made("networking.k8s.io/v1", "NetworkPolicy", "other", {"podSelector": {"matchLabels": {"app": "b"}}})
	found == set() with input as {"items": array.concat(pods, [policy])}
}

test_what_selects_something_else_than_its_own_pods_may if {
	monitor := made("monitoring.coreos.com/v1", "ServiceMonitor", "asky", {"selector": {"matchLabels": {"app": "b"}}})
	claim := made("v1", "PersistentVolumeClaim", "asky", {"selector": {"matchLabels": {"disk": "b"}}})
	found == set() with input as {"items": array.concat(pods, [monitor, claim])}
}
