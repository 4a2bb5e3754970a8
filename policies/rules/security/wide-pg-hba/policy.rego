# METADATA
# title: Wide pg_hba
# description: |
#   A line of pg_hba.conf lets every user into every database from every address, or lets passwords travel as good as
#   in clear.
# custom:
#   since: "0.1"
#   remediation: |
#     Use hostssl and scram-sha-256, and name database, user and network; end with hostnossl all all all reject.
# related_resources:
#   - ref: https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
#   - ref: https://cloudnative-pg.io/documentation/current/security/
package rules.security["wide-pg-hba"]

import data.lib.configuration
import data.lib.result

deny contains result.at(line.object, line.path, sprintf("%s: %s", [problem, line.line])) if {
	some line in configuration.hba
	configuration.is_everywhere(line)
	some problem in problems(line)
}

# Without any authentication it is the finding of trust-authentication.
problems(line) := {problem |
	some problem, holds in {
		"a weak method for every address": line.method in {"ident", "md5", "password"},
		"everybody, everywhere, without TLS": is_for_all(line),
	}
	holds
}

default is_for_all(_) := false

is_for_all(line) if {
	line.type in {"host", "hostnossl"}
	line.database == "all"
	line.user == "all"
	not line.method in {"cert", "ident", "md5", "password", "reject", "trust"}
}
