package rules.correctness["removed-api_test"]

import data.rules.correctness["removed-api"] as rule

given := {
	"apiVersion": "flowcontrol.apiserver.k8s.io/v1beta3", "kind": "FlowSchema", "metadata": {"name": "a"},
}

found(message) := {
	"message": message,
	"path": ["apiVersion"],
	"resource": {
		"apiVersion": "flowcontrol.apiserver.k8s.io/v1beta3", "kind": "FlowSchema", "namespace": null, "name": "a",
	},
	"source": null,
	"trace": [],
}

test_gone_and_going_are_told_apart if {
	version := "flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema"
	going := sprintf("%s will be gone in Kubernetes 1.32: use flowcontrol.apiserver.k8s.io/v1", [version])
	rule.warn == {found(going)} with input as {"items": [given], "config": {"kubernetes": ["1.30", "1.31"]}}
	gone := sprintf("%s is gone since Kubernetes 1.32: use flowcontrol.apiserver.k8s.io/v1", [version])
	rule.warn == {found(gone)} with input as {"items": [given], "config": {"kubernetes": ["1.31", "1.32"]}}
}
