# METADATA
# title: Plaintext database connection
# description: |
#   A connection to a database without TLS, or with TLS only if the other side likes: whoever listens on the way reads
#   passwords and data.
# custom:
#   remediation: |
#     Use sslmode=verify-full with the CA's certificate (PGSSLMODE, PGSSLROOTCERT); keep ssl on at the server.
# related_resources:
#   - ref: https://www.postgresql.org/docs/current/libpq-ssl.html
#   - ref: https://cloudnative-pg.io/documentation/current/security/
package rules.security["plaintext-database-connection"]

import data.lib.configuration
import data.lib.kubernetes
import data.lib.result

warn contains result.at(given.object, given.path, message) if {
	some given in configuration.texts
	regex.match(`(?i)ssl|encrypt`, given.text)
	some groups in regex.find_all_string_submatch_n(settings, given.text, 1)
	not is_inside_the_pod(given.text)
	setting := concat("", array.slice(groups, 1, count(groups)))
	message := sprintf("%s leaves the connection to the database in clear", [setting])
}

warn contains result.at(variable.object, variable.path, message) if {
	some variable in configuration.variables
	regex.match(`^(?:PG|[A-Z0-9_]*(?:DB|DATABASE|PG|POSTGRES|POSTGRESQL|SQL)_)SSL_?MODE$`, variable.name)
	lower(variable.text) in {"allow", "disable", "disabled", "prefer", "preferred"}
	message := sprintf("%s=%s leaves the connection to the database in clear", [variable.name, variable.text])
}

warn contains result.at(custom, path, "the database's TLS is switched off") if {
	some custom in kubernetes.objects
	path := ["spec", "postgresql", "parameters", "ssl"]
	lower(kubernetes.text(custom, path)) in {"false", "no", "off"}
}

settings := concat("|", [
	`(?i)\b(sslmode[ =:"']+(?:disabled?|allow|prefer(?:red)?))\b`,
	`\b(useSSL=false)\b`,
	`(?i)(?:jdbc:|://)\S*?[?&;](ssl=(?:false|0|disable)|encrypt=(?:false|no))\b`,
	`^\s*(ssl\s*=\s*(?:off|false|no|0))\s*$`,
])

# A proxy beside the program, such as a cloud provider's, does the encryption.
is_inside_the_pod(text) if regex.match(`(?i)(?:@|host[ =:"']+|//)(?:localhost|127\.0\.0\.1|%2F|/)`, text)
