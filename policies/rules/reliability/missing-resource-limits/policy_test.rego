package rules.reliability["missing-resource-limits_test"]

import data.rules.reliability["missing-resource-limits"] as rule

deployment(containers) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "auth", "namespace": "asky"},
	"spec": {"template": {"spec": {"containers": containers}}},
}

found(i, message) := {
	"message": message,
	"path": ["spec", "template", "spec", "containers", i, "resources"],
	"resource": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_every_container_and_resource_is_named if {
	containers := [
		{"name": "a"},
		{"name": "b", "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}},
		{"resources": {"limits": {"cpu": "-1", "memory": "1Gb"}}},
	]
	rule.deny == {
		found(0, "container a has no cpu limit"),
		found(0, "container a has no memory limit"),
		found(2, "container 2 has a cpu limit that is not above zero"),
		found(2, "container 2 has a memory limit that is not a quantity"),
	} with input as {"items": [deployment(containers)]}
}

test_a_forbidden_cpu_limit_is_named if {
	containers := [{"name": "a", "resources": {"limits": {"cpu": "1", "memory": "1Gi"}}}]
	rule.deny == {found(0, "container a has a cpu limit, which the settings forbid")} with input as {
		"items": [deployment(containers)],
		"config": {"cpuLimits": "forbid"},
	}
}

test_a_container_of_another_type_has_no_limits if {
	rule.deny == {
		found(0, "container 0 has no cpu limit"),
		found(0, "container 0 has no memory limit"),
	} with input as {"items": [deployment(["oops"])]}
}

test_two_limit_ranges_of_one_namespace_do_not_conflict if {
	limits := [
	{
		"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": cpu, "namespace": "asky"},
		"spec": {"limits": [{"type": "Container", "default": {"cpu": cpu, "memory": "1Gi"}}]},
	} |
		some cpu in ["1", "2"]
	]
	rule.deny == set() with input as {"items": array.concat(limits, [deployment([{"name": "a"}])])}
}
