package rules.reliability["denied-by-project_test"]

import data.rules.reliability["denied-by-project"] as rule

ours := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "auth", "namespace": "asky", "labels": {"app.kubernetes.io/managed-by": "asky-gitops"}},
}

mine(api, kind, namespace) := {
	"apiVersion": api,
	"kind": kind,
	"metadata": {"name": "mine", "namespace": namespace},
}

permits := {"permits": {"eks": ["batch/CronJob"]}}

judged(manifest) := {"overlay": "eks", "items": [ours, manifest], "config": permits}

messages := {one.message | some one in rule.deny}

test_a_kind_that_is_not_generated_is_denied if {
	denied := {"Argo CD's project does not permit batch/Job in the namespace asky"}
	messages == denied with input as judged(mine("batch/v1", "Job", "asky"))
}

test_a_kind_that_is_generated_or_permitted_is_not_denied if {
	messages == set() with input as judged(mine("apps/v1", "Deployment", "asky"))
	messages == set() with input as judged(mine("batch/v1", "CronJob", "asky"))
}

test_another_namespace_and_none_are_denied if {
	elsewhere := {"Argo CD's project does not permit apps/Deployment in the namespace other"}
	messages == elsewhere with input as judged(mine("apps/v1", "Deployment", "other"))
	outside := "Argo CD's project does not permit Namespace outside a namespace"
	messages == {outside} with input as judged(mine("v1", "Namespace", ""))
}

test_what_is_told_to_argo_cd_itself_is_left_alone if {
	told := {
		"apiVersion": "argoproj.io/v1alpha1",
		"kind": "AppProject",
		"metadata": {"name": "a", "namespace": "argocd", "labels": {"app.kubernetes.io/managed-by": "asky-gitops"}},
	}
	rule.deny == set() with input as {"items": [told, mine("v1", "ConfigMap", "argocd")]}
}

test_what_stands_outside_a_namespace_permits_nothing_else_there if {
	namespace := {
		"apiVersion": "v1",
		"kind": "Namespace",
		"metadata": {"name": "asky", "labels": {"app.kubernetes.io/managed-by": "asky-gitops"}},
	}
	outside := "Argo CD's project does not permit apps/Deployment outside a namespace"
	messages == {outside} with input as {"items": [ours, namespace, mine("apps/v1", "Deployment", "")]}
}
