package rules.gitops["immutable-job_test"]

import data.rules.gitops["immutable-job"] as rule

test_the_job_is_named if {
	items := [{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "m", "namespace": "asky"}, "spec": {}}]

	rule.warn == {{
		"message": "the Job m cannot be changed once it is there: it is no hook",
		"path": ["metadata", "name"],
		"resource": {"apiVersion": "batch/v1", "kind": "Job", "namespace": "asky", "name": "m"},
		"source": null,
		"trace": [],
	}} with input as {"items": items}
}
