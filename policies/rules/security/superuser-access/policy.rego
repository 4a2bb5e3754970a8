# METADATA
# title: Superuser access
# description: |
#   A service that logs in as the database's superuser may read every schema, every file the server can, and switch
#   the audit off.
# custom:
#   remediation: |
#     Give each service a role of its own; leave enableSuperuserAccess off, and use the superuser in a Job that
#     prepares the database.
# related_resources:
#   - ref: https://cloudnative-pg.io/documentation/current/security/
#   - ref: https://www.postgresql.org/docs/current/role-attributes.html
package rules.security["superuser-access"]

import data.lib.configuration
import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.pods
import data.lib.result

warn contains result.at(custom, ["spec", "enableSuperuserAccess"], message) if {
	some custom in kubernetes.objects
	custom.spec.enableSuperuserAccess == true
	message := "the superuser may log in over the network"
}

warn contains result.at(custom, path, message) if {
	some custom in kubernetes.objects
	some i, role in custom.spec.managed.roles
	role.superuser == true
	path := ["spec", "managed", "roles", i, "superuser"]
	message := sprintf("the role %s is a superuser", [kubernetes.text(role, ["name"])])
}

warn contains result.at(variable.object, variable.path, message) if {
	some variable in configuration.variables
	is_service(variable.one)
	is_superuser(variable)
	message := sprintf("%s logs in as the database's superuser", [variable.one.label])
}

warn contains result.at(one.pod.object, path, message) if {
	some one in pods.containers
	is_service(one)
	some i, variable in kubernetes.list(one.container, ["env"])
	name := kubernetes.text(variable, ["valueFrom", "secretKeyRef", "name"])
	endswith(name, "-superuser")
	path := array.concat(one.path, ["env", i, "valueFrom", "secretKeyRef", "name"])
	message := sprintf("%s logs in as the database's superuser", [one.label])
}

is_superuser(variable) if {
	regex.match(`^(?:PGUSER|[A-Z0-9_]*(?:DB|DATABASE|PG|POSTGRES|POSTGRESQL)_USER(?:NAME)?)$`, variable.name)
	variable.text == "postgres"
}

is_superuser(variable) if regex.match(`^postgres(?:ql)?(?:\+\w+)?://postgres(?::[^@/]*)?@`, variable.text)

# A Job may prepare the database; the database itself is told who its superuser is.
is_service(one) if {
	not kubernetes.kind(one.pod.object) in {"CronJob", "Job"}
	one.role == "container"
	not nodes.class(one.container) in {"database", "pooler"}
}
