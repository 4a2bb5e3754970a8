# Runs the corpus inside `opa test`, so that its coverage counts: tests/policies/test_coverage.py writes `data.corpus`.
package corpus_test

test_every_case_of_the_corpus_gives_its_findings if {
	every case in data.corpus {
		found := [[severity, one.path] |
			some verb, severity in {"deny": "error", "warn": "warning"}
			some one in data.rules[case.category][case.rule][verb] with input as case.input
		]
		sort(found) == case.expected
	}
}
