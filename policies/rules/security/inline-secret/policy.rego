# METADATA
# title: Inline secret
# description: |
#   A password, key or token is written into a file that git keeps for ever, for everybody who can read the repository.
#   base64 hides nothing, and a value that an overlay replaces is still in the history.
# custom:
#   remediation: |
#     Refer to it instead: valueFrom.secretKeyRef to a Secret that External Secrets, Sealed Secrets, SOPS, an operator
#     or a Job in the cluster makes. Then change the secret: what was committed is known.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/secrets-good-practices/
#   - ref: https://external-secrets.io/latest/
#   - ref: https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html
package rules.security["inline-secret"]

import data.lib.result
import data.lib.secrets

deny contains result.at(written.object, written.path, sprintf("%s is written out", [written.found.what])) if {
	some written in secrets.rendered
	written.found.level == "secret"
}

deny contains result.in_source(written.source, written.path, message) if {
	some written in secrets.hidden
	message := sprintf("%s is written out; the render does not show it, git does", [written.found.what])
}

# A placeholder that reaches the cluster is the real password there.
warn contains result.at(written.object, written.path, message) if {
	some written in secrets.rendered
	written.found.level == "placeholder"
	message := sprintf("%s is a placeholder, and the cluster will take it as it is", [written.found.what])
}
