package rules.correctness["trailing-newline_test"]

import data.rules.correctness["trailing-newline"] as rule

test_the_key_is_named_and_the_value_is_not if {
	items := [{
		"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "asky"},
		"stringData": {"password": "x\n", "ca.crt": "x\n", "text": "a\nb\n"},
	}]

	rule.warn == {{
		"message": "the value of password ends in a line break",
		"path": ["stringData", "password"],
		"resource": {"apiVersion": "v1", "kind": "Secret", "namespace": "asky", "name": "s"},
		"source": null,
		"trace": [],
	}} with input as {"items": items}
}

test_what_is_no_text_or_no_base64_is_for_others_to_say if {
	items := [{
		"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "asky"},
		"data": {"token": "not base64"}, "stringData": {"pin": 5},
	}]
	rule.warn == set() with input as {"items": items}
}
