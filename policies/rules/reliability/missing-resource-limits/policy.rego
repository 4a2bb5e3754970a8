# METADATA
# title: Missing resource limits
# description: |
#   A container without a memory limit can take its node's memory, and the kernel then kills whatever it likes, a
#   database included. Without a cpu limit one runaway loop starves its neighbours.
# custom:
#   remediation: |
#     Set resources.limits.memory and resources.limits.cpu on the container (on spec.resources of a CloudNativePG
#     Cluster). Whether a cpu limit is wanted is the setting checks.cpuLimits: require, optional or forbid.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
#   - ref: https://kubernetes.io/docs/concepts/policy/limit-range/
#   - ref: https://cloudnative-pg.io/documentation/current/resource_management/
package rules.reliability["missing-resource-limits"]

import data.lib.kubernetes
import data.lib.quantities
import data.lib.result
import data.lib.workloads

deny contains result.at(consumer.object, consumer.path, message) if {
	some consumer in workloads.consumers
	some resource in required
	problem := quantities.limit(workloads.limit_of(consumer, resource))
	message := sprintf("%s has %s", [consumer.label, described[problem][resource]])
}

deny contains result.at(consumer.object, consumer.path, message) if {
	kubernetes.setting("cpuLimits", "require") == "forbid"
	some consumer in workloads.consumers
	consumer.limits.cpu != null
	message := sprintf("%s has a cpu limit, which the settings forbid", [consumer.label])
}

# A setting nobody can read asks for everything; a cpu limit that is optional must still be a quantity.
required contains "memory"

required contains "cpu" if not kubernetes.setting("cpuLimits", "require") in {"optional", "forbid"}

described := {
	"missing": {"cpu": "no cpu limit", "memory": "no memory limit"},
	"not positive": {"cpu": "a cpu limit that is not above zero", "memory": "a memory limit that is not above zero"},
	"unparsable": {"cpu": "a cpu limit that is not a quantity", "memory": "a memory limit that is not a quantity"},
}
