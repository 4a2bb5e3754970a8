package lib.quantities_test

import data.lib.quantities

test_a_quantity_is_a_number_of_its_base_unit if {
	some_values := {
		"1": 1,
		"500m": 0.5,
		"1Gi": 1073741824,
		"1.5Gi": 1610612736,
		".5": 0.5,
		"5.": 5,
		"-1": -1,
		"+1": 1,
		"1e3": 1000,
		"100n": 0.0000001,
		"1E3": 1000,
		"1E": 1000000000000000000,
	}
	every text, value in some_values {
		quantities.parse(text) == {"value": value}
	}
	quantities.parse(0.5) == {"value": 0.5}
}

test_what_kubernetes_would_refuse_is_unparsable if {
	refused := ["", "m", "1Gb", "1 Gi", "0x1", "1e400", "1mi", "12345678901234567", "lots", true, null, [], {}]
	{quantities.parse(text) | some text in refused} == {{"unparsable": true}}
}

test_a_limit_is_a_positive_quantity if {
	[quantities.limit(value) | some value in [null, "1Gb", "0", "-1", 0, "1Gi", 2]] == [
		"missing", "unparsable", "not positive", "not positive", "not positive", "ok", "ok",
	]
}
