package lib.configuration

import data.lib.kubernetes

# METADATA
# description: |
#   The lines of every pg_hba.conf that let somebody in over the network, also those that a script writes: `type`,
#   `database`, `user`, `address`, `method` beside what `texts` has.
# related_resources:
#   - ref: https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
hba := [object.union(given, described) |
	some given in texts
	contains(given.text, "host")
	some line in split(given.text, "\n")
	not startswith(trim_space(line), "#")
	some [_, type, database, user, address, method] in regex.find_all_string_submatch_n(hba_line, line, 1)
	described := {
		"type": type,
		"database": database,
		"user": user,
		"address": address,
		"method": method,
		"line": sprintf("%s %s %s %s %s", [type, database, user, address, method]),
	}
]

# A mask may follow the address.
hba_line := concat("", [
	`\b(host(?:ssl|nossl|gssenc|nogssenc)?)\s+(\S+)\s+(\S+)\s+([0-9a-fA-F.:/]+|all|samenet|samehost|[A-Za-z.][\w.-]*)(?:\s+[0-9.]{7,15})?`,
	`\s+(trust|password|md5|scram-sha-256|ident|peer|reject|cert|gss|sspi|ldap|radius|pam|bsd)\b`,
])

# METADATA
# scope: document
# description: A line holds for the machine itself alone.
is_local(line) if line.address in {"localhost", "samehost"}

is_local(line) if startswith(line.address, "127.")

is_local(line) if startswith(line.address, "::1")

# METADATA
# scope: document
# description: A line holds for every address there is.
is_everywhere(line) if line.address in {"::/0", "all"}

is_everywhere(line) if regex.match(`^0\.0\.0\.0(?:/[01])?$`, line.address)

# METADATA
# description: The CloudNativePG Clusters among the objects, by namespace and name.
clusters := {[kubernetes.namespace(custom), kubernetes.name(custom)] |
	some custom in kubernetes.objects
	kubernetes.kind(custom) == "Cluster"
	kubernetes.group(custom) in kubernetes.cnpg_groups
}
