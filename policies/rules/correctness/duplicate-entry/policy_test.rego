package rules.correctness["duplicate-entry_test"]

import data.rules.correctness["duplicate-entry"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_what_is_said_twice_is_named if {
	given := pod({
		"containers": [
			{
				"name": "a",
				"env": [{"name": "A"}, {"name": "B"}, {"name": "A"}],
				"ports": [{"containerPort": 1}, {"containerPort": 1}],
			},
		],
	})
	rule.warn == {
		found(["containers", 0, "env", 2, "name"], "container a says A twice in env"),
		found(["containers", 0, "ports", 1, "containerPort"], "container a says port 1 twice"),
	} with input as {"items": [given]}
}

test_ports_of_one_protocol_and_what_nobody_can_read_are_not_said_twice if {
	given := pod({"containers": [{
		"name": "a",
		"env": [{"name": 1}, {"name": 2}],
		"ports": [{"containerPort": 1, "protocol": "TCP"}, {"containerPort": 2, "protocol": "TCP"}],
	}]})
	rule.warn == set() with input as {"items": [given]}
}

test_the_second_of_two_is_named_wherever_it_stands if {
	given := pod({"containers": [{"name": "a", "env": [{"name": "A"}, {"name": "A"}, {"name": "B"}]}]})
	rule.warn == {
		found(["containers", 0, "env", 1, "name"], "container a says A twice in env"),
	} with input as {"items": [given]}
}

test_other_apis_may_say_a_port_or_a_path_twice if {
	items := [
		{
			"apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry", "metadata": {"name": "s"},
			"spec": {"ports": [{"port": 80}, {"port": 80}]},
		},
		{
			"apiVersion": "gateway.example.org/v1", "kind": "Site", "metadata": {"name": "i"},
			"spec": {"rules": [{"host": "a.org", "http": {"paths": [{"path": "/"}, {"path": "/"}]}}]},
		},
	]
	rule.warn == set() with input as {"items": items}
}
