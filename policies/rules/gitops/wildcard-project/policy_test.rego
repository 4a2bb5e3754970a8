package rules.gitops["wildcard-project_test"]

import data.rules.gitops["wildcard-project"] as rule

test_every_star_is_named if {
	project := {
		"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "p", "namespace": "argocd"},
		"spec": {
			"sourceRepos": ["*"],
			"destinations": [{"namespace": "*", "server": "*"}],
			"clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
		},
	}
	{[one.path, one.message] | some one in rule.warn} == {
		[["spec", "sourceRepos", 0], "this project takes manifests from any repository"],
		[["spec", "destinations", 0], "this project writes into any namespace of any cluster"],
		[
			["spec", "clusterResourceWhitelist", 0],
			"this project writes any kind of the cluster's scope, roles and webhooks included",
		],
	} with input as {"items": [project]}
}

test_any_namespace_of_one_cluster_is_one_cluster_s if {
	project := {
		"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": {"name": "p", "namespace": "argocd"},
		"spec": {"destinations": [{"namespace": "*", "server": "https://kubernetes.default.svc"}]},
	}
	rule.warn == set() with input as {"items": [project]}
}

test_an_application_of_another_api_has_no_project if {
	application := {
		"apiVersion": "app.k8s.io/v1beta1", "kind": "Application", "metadata": {"name": "a", "namespace": "asky"},
		"spec": {"selector": {"matchLabels": {"app": "a"}}},
	}
	rule.warn == set() with input as {"items": [application]}
}
