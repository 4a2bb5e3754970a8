# METADATA
# title: Invalid resources
# description: |
#   Resources that the cluster refuses, or that say something else than was meant: more asked for than allowed, a
#   quantity that is none, half a byte of memory, a thousand processors.
# custom:
#   remediation: |
#     Write memory with Mi or Gi and processors in thousandths (500m), and ask for no more than the limit.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#   - ref: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
package rules.reliability["invalid-resources"]

import data.lib.quantities
import data.lib.result
import data.lib.workloads

deny contains result.at(consumer.object, path, message) if {
	some consumer in workloads.consumers
	some half in ["limits", "requests"]
	some resource, quantity in consumer[half]
	quantity != null
	problem := odd(resource, quantity)
	path := array.concat(consumer.path, [half, resource])
	message := sprintf("%s has %s %v under %s, which is %s", [consumer.label, resource, quantity, half, problem])
}

deny contains result.at(consumer.object, path, message) if {
	some consumer in workloads.consumers
	some resource, quantity in consumer.requests
	not odd(resource, quantity)
	limit := workloads.limit_of(consumer, resource)
	not odd(resource, limit)
	quantities.parse(quantity).value > quantities.parse(limit).value
	path := array.concat(consumer.path, ["requests", resource])
	message := sprintf("%s asks for %v of %s, and its limit is %v", [consumer.label, quantity, resource, limit])
}

odd(_, quantity) := "no quantity" if quantities.parse(quantity).unparsable

odd(_, quantity) := "below zero" if quantities.parse(quantity).value < 0

odd(resource, quantity) := "less than a mebibyte: a unit is missing or wrong" if {
	resource in {"ephemeral-storage", "memory"}
	value := quantities.parse(quantity).value
	value > 0
	value < 1048576
}

odd("memory", quantity) := "more than any machine has" if quantities.parse(quantity).value > 35184372088832

odd("cpu", quantity) := "less than a thousandth of a processor" if {
	value := quantities.parse(quantity).value
	value > 0
	value < 0.001
}

odd("cpu", quantity) := "more processors than any machine has: thousandths are written as 500m" if {
	quantities.parse(quantity).value > 256
}
