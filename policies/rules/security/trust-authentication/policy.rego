# METADATA
# title: Trust authentication
# description: |
#   The database takes whoever connects for whom they say they are: no password, superuser included.
# custom:
#   remediation: |
#     Use scram-sha-256 in pg_hba.conf and set a password from a Secret (POSTGRES_PASSWORD_FILE or
#     valueFrom.secretKeyRef).
# related_resources:
#   - ref: https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
#   - ref: https://github.com/docker-library/docs/blob/master/postgres/README.md
package rules.security["trust-authentication"]

import data.lib.configuration
import data.lib.result

deny contains result.at(line.object, line.path, message) if {
	some line in configuration.hba
	line.method == "trust"
	not configuration.is_local(line)
	message := sprintf("whoever connects is let in without a password: %s", [line.line])
}

deny contains result.at(variable.object, variable.path, message) if {
	some variable in configuration.variables
	regex.match(switches[variable.name], variable.text)
	message := sprintf("%s lets everybody in without a password", [variable.name])
}

switches := {
	"ALLOW_EMPTY_PASSWORD": `^(?i:yes|true|1)$`,
	"MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": `.`,
	"MYSQL_ALLOW_EMPTY_PASSWORD": `.`,
	"POSTGRES_HOST_AUTH_METHOD": `^trust$`,
	"POSTGRES_INITDB_ARGS": `(?:-A|--auth|--auth-host)[ =]?trust`,
}
