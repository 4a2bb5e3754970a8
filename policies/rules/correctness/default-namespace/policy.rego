# METADATA
# title: Default namespace
# description: |
#   The pod goes where everything goes that forgot to say where: no policy, no quota and no right is meant for it
#   there.
# custom:
#   remediation: |
#     Set namespace: in the kustomization, or metadata.namespace.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
package rules.correctness["default-namespace"]

import data.lib.kubernetes
import data.lib.result

warn contains result.at(pod.object, ["metadata", "namespace"], "the pod goes to the namespace default") if {
	some pod in kubernetes.pods
	kubernetes.text(pod.object, ["metadata", "namespace"]) == "default"
}

# Where nobody names one, whoever applies it does; where others do, it was forgotten.
warn contains result.at(pod.object, ["metadata", "namespace"], message) if {
	count(named) > 0
	some pod in kubernetes.pods
	kubernetes.text(pod.object, ["metadata", "namespace"]) == ""
	not regex.match(`^Cluster[A-Z]`, kubernetes.kind(pod.object))
	message := sprintf("it names no namespace, and others here name %s", [concat(", ", sort(named))])
}

named := {name |
	some pod in kubernetes.pods
	name := kubernetes.text(pod.object, ["metadata", "namespace"])
	name != ""
}
