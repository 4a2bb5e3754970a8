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

job(api, metadata) := {
	"apiVersion": api, "kind": "Job", "metadata": object.union({"namespace": "asky"}, metadata), "spec": {},
}

test_what_is_made_anew_or_can_be_changed_is_none if {
	rule.warn == set() with input as {"items": [job("batch/v1", {"generateName": "m-"})]}
	rule.warn == set() with input as {"items": [job("batch.volcano.sh/v1alpha1", {"name": "m"})]}
	forced := {"name": "m", "annotations": {"kustomize.toolkit.fluxcd.io/force": "enabled"}}
	rule.warn == set() with input as {"items": [job("batch/v1", forced)]}
}
