# METADATA
# title: Quantities
# description: Kubernetes' quantities; what is not one is said to be unparsable instead of being undefined.
# related_resources:
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
package lib.quantities

factors := {
	"": 1,
	"n": 1,
	"u": 1,
	"m": 1,
	"k": 1000,
	"M": 1000000,
	"G": 1000000000,
	"T": 1000000000000,
	"P": 1000000000000000,
	"E": 1000000000000000000,
	"Ki": 1024,
	"Mi": 1048576,
	"Gi": 1073741824,
	"Ti": 1099511627776,
	"Pi": 1125899906842624,
	"Ei": 1152921504606846976,
}

# Small units divide: a decimal fraction has no exact binary one to multiply with.
divisors := {"n": 1000000000, "u": 1000000, "m": 1000}

# Sixteen digits on either side and a two-digit exponent are more than any node has, and keep arithmetic cheap.
shape := `^([+-]?)([0-9]{0,16})(?:\.([0-9]{0,16}))?(?:[eE]([+-]?[0-9]{1,2})|([numkMGTPE]|[KMGTPE]i)?)$`

# METADATA
# description: |
#   A quantity as a number of its base unit: `{"value": 0.5}` for `500m`, `{"unparsable": true}` for what Kubernetes
#   would refuse.
parse(quantity) := {"value": quantity} if {
	is_number(quantity)
} else := {"value": value} if {
	is_string(quantity)
	some [_, sign, whole, fraction, exponent, unit] in regex.find_all_string_submatch_n(shape, quantity, 1)
	concat("", [whole, fraction]) != ""
	digits := sprintf("0%s.%s0e%s", [whole, fraction, or_zero(exponent)])
	value := ((to_number(digits) * factors[unit]) / object.get(divisors, unit, 1)) * signs[sign]
} else := {"unparsable": true}

signs := {"": 1, "+": 1, "-": -1}

or_zero(exponent) := "0" if {
	exponent == ""
} else := exponent

# METADATA
# description: Why a value is no limit (`missing`, `unparsable` or `not positive`), or `ok`.
limit(quantity) := "missing" if {
	quantity == null
} else := "unparsable" if {
	parse(quantity).unparsable
} else := "not positive" if {
	parse(quantity).value <= 0
} else := "ok"
