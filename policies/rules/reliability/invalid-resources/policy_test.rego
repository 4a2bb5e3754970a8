package rules.reliability["invalid-resources_test"]

import data.rules.reliability["invalid-resources"] as rule

pod(resources) := {"items": [{
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "auth"},
	"spec": {"containers": [{"name": "auth", "resources": resources}]},
}]}

said := {[one.path, one.message] | some one in rule.deny}

at(half, resource) := ["spec", "containers", 0, "resources", half, resource]

test_more_than_the_limit_is_named_with_both if {
	said == {[at("requests", "cpu"), "container auth asks for 2 of cpu, and its limit is 1"]} with input as pod({
		"requests": {"cpu": "2"},
		"limits": {"cpu": 1},
	})
}

test_each_oddity_is_named if {
	said == {
		[at("limits", "cpu"), concat("", [
			"container auth has cpu 1000 under limits, which is more processors than any machine has: ",
			"thousandths are written as 500m",
		])],
		[at("limits", "memory"), concat("", [
			"container auth has memory 512m under limits, which is less than a mebibyte: ",
			"a unit is missing or wrong",
		])],
		[at("requests", "cpu"), "container auth has cpu 10u under requests, which is less than a thousandth of a processor"],
		[at("requests", "memory"), "container auth has memory 1Gb under requests, which is no quantity"],
	} with input as pod({
		"limits": {"cpu": "1000", "memory": "512m"},
		"requests": {"cpu": "10u", "memory": "1Gb"},
	})
}

test_what_is_below_zero_or_beyond_machines_is_named if {
	said == {
		[at("limits", "memory"), "container auth has memory 64Ti under limits, which is more than any machine has"],
		[at("requests", "cpu"), "container auth has cpu -1 under requests, which is below zero"],
	} with input as pod({"limits": {"memory": "64Ti"}, "requests": {"cpu": "-1"}})
}

test_nothing_and_null_are_no_oddity if {
	said == set() with input as pod({
		"requests": {"cpu": null, "memory": "0"},
		"limits": {"ephemeral-storage": "1Gi"},
	})
}
