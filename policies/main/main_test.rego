package main_test

import data.main

placed := {
	"rule": "exposed-database", "category": "security", "severity": "error",
	"resource": null, "path": [], "trace": [], "source": null,
}

rule(said) := {"security": {"exposed-database": said}}

test_a_plain_string_is_a_message_without_a_place if {
	report := {"rules": 1, "findings": [object.union(placed, {"message": "no"})]}
	main.report == report with data.rules as rule({"deny": {"no"}, "warn": set()})
}

test_a_warning_is_a_finding_too if {
	report := {"rules": 1, "findings": [object.union(placed, {"message": "hm", "severity": "warning"})]}
	main.report == report with data.rules as rule({"warn": {"hm"}})
}

test_what_conftest_calls_msg_is_the_message if {
	report := {"rules": 1, "findings": [object.union(placed, {"message": "no"})]}
	main.report == report with data.rules as rule({"deny": {{"msg": "no"}}})
}

test_a_rule_that_fires_never_vanishes if {
	every odd in [5, {"a": 1}, {"message": 5}, [], {"message": {}, "msg": "x"}, {"msg": 5}] {
		report := {"rules": 1, "findings": [object.union(placed, {"message": "the rule fired without a readable message"})]}
		main.report == report with data.rules as rule({"deny": {odd}})
	}
}

test_conftest_is_told_rule_place_and_way if {
	resource := {"apiVersion": "v1", "kind": "Service", "namespace": null, "name": "db"}
	found := {"message": "no", "resource": resource, "path": ["spec", "type"], "trace": ["internet", "db"], "source": null}
	written := {"message": "no", "resource": null, "path": [], "trace": [], "source": {"file": "a.yaml", "document": 0}}
	denied := main.deny with data.rules as rule({"deny": {found, written, "plain"}, "warn": {"hm"}})
	{one.msg | some one in denied} == {
		"security/exposed-database: Service db spec.type: no (internet → db)",
		"security/exposed-database: a.yaml: no",
		"security/exposed-database: plain",
	}
}

test_conftest_is_told_a_warning if {
	warned := main.warn with data.rules as rule({"deny": {"no"}, "warn": {"plain"}})
	{one.msg | some one in warned} == {"security/exposed-database: plain"}
}

rules := count({id |
	some id
	some verb in ["deny", "warn"]
	data.rules[_][id][verb]
})

test_an_input_of_any_shape_is_judged if {
	every odd in [{}, [], "text", 5, null, {"items": "text"}, {"items": [null, 1, "a", [], {}], "sources": [null, {}]}] {
		main.report == {"rules": rules, "findings": []} with input as odd
	}
}
