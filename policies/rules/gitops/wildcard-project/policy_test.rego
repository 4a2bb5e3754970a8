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
