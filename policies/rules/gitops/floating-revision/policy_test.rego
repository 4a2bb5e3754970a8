package rules.gitops["floating-revision_test"]

import data.rules.gitops["floating-revision"] as rule

test_what_floats_is_named if {
	application := {
		"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "a", "namespace": "argocd"},
		"spec": {
			"source": {"repoURL": "https://x.org", "path": "."},
			"sources": [{"repoURL": "https://x.org", "chart": "c", "targetRevision": "1.*"}],
		},
	}
	{[one.path, one.message] | some one in rule.warn} == {
		[["spec", "source", "targetRevision"], "HEAD is whatever the repository's default branch is"],
		[
			["spec", "sources", 0, "targetRevision"],
			"a chart without an exact version is whatever is newest that day",
		],
	} with input as {"items": [application]}
}
