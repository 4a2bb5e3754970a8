# Runs the corpus inside `opa test`, so that its coverage counts: tests/policies/test_coverage.py writes `data.corpus`.
package corpus_test

import data.main

test_every_case_of_the_corpus_gives_its_findings if {
	every case in data.corpus {
		report := main.report with input as case.input
		found := sort([[one.severity, one.path] | some one in report.findings; one.rule == case.rule])
		found == case.expected
	}
}
