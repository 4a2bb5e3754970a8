# METADATA
# title: Trailing newline
# description: |
#   The password ends in a line break that nobody typed: logins fail, and nobody sees why.
# custom:
#   remediation: |
#     Write the file without a last line break (printf %s), or strip it in the ExternalSecret's template.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/secret/
package rules.correctness["trailing-newline"]

import data.lib.kubernetes
import data.lib.result

warn contains result.at(manifest, array.concat(path, [key]), message) if {
	some manifest in kubernetes.objects
	some [path, encoded] in places[kubernetes.kind(manifest)]
	some key, written in kubernetes.map(manifest, path)
	is_string(written)
	not regex.match(`\.|config`, key)
	value := content(written, encoded)
	regex.match(`^[^\n]+\n+$`, value)
	message := sprintf("the value of %s ends in a line break", [key])
}

# Where values of one line stand, and whether in base64.
places := {
	"ExternalSecret": [[["spec", "target", "template", "data"], false]],
	"SealedSecret": [[["spec", "template", "data"], false]],
	"Secret": [[["data"], true], [["stringData"], false]],
}

content(written, true) := base64.decode(written) if base64.is_valid(written)

content(written, false) := written
