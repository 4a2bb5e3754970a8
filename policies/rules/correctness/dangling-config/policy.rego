# METADATA
# title: Dangling config
# description: |
#   A pod asks for a ConfigMap, a Secret or a key of one that nothing here makes: it never starts.
# custom:
#   remediation: |
#     Write the ConfigMap, let an ExternalSecret (or a SealedSecret, a Certificate, an operator, a Job) make the
#     Secret, or mend the name or key.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/
#   - ref: https://kubernetes.io/docs/concepts/configuration/secret/
package rules.correctness["dangling-config"]

import data.lib.references
import data.lib.result

warn contains result.at(given.object, given.path, message) if {
	some given in references.configs
	not references.made[[given.kind, given.namespace, given.name]]
	not references.is_made_otherwise(given.kind, given.namespace, given.name)
	message := sprintf("nothing here makes the %s %s", [given.kind, given.name])
}

warn contains result.at(given.object, path, message) if {
	some given in references.configs
	keys := references.made[[given.kind, given.namespace, given.name]]
	not "*" in keys
	some path, key in given.keys
	not key in keys
	not references.is_made_otherwise(given.kind, given.namespace, given.name)
	message := sprintf("the %s %s has no key %s", [given.kind, given.name, key])
}
