package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# Databases of a cloud, written as custom resources. A field that says it in so many words may stand in a claim or a
# template of anybody's making; the others only mean it in the groups of clouds.
openings contains entrance(custom, path, nodes.node(custom)) if {
	some custom in kubernetes.objects
	not kubernetes.group(custom) in kubernetes.groups_without_pods
	not is_other_service(custom)
	walk(kubernetes.map(custom, ["spec"]), [field, true])
	field[count(field) - 1] in {"publiclyAccessible", "publicNetworkAccessEnabled"}
	path := array.concat(["spec"], field)
}

openings contains entrance(custom, path, nodes.node(custom)) if {
	some custom in kubernetes.objects
	regex.match(database_groups, kubernetes.group(custom))
	walk(kubernetes.map(custom, ["spec"]), [field, value])
	is_string(value)
	lets_in_everybody(field, value)
	path := array.concat(["spec"], field)
}

# Firewalls of Azure's are rules from one address to another.
openings contains entrance(rule, ["spec", "startIpAddress"], nodes.node(rule)) if {
	some rule in kubernetes.objects
	regex.match(`^dbfor(?:postgresql|mysql|mariadb)\.|^sql\.azure`, kubernetes.group(rule))
	kubernetes.text(rule, ["spec", "startIpAddress"]) == "0.0.0.0"
	not kubernetes.text(rule, ["spec", "endIpAddress"]) in {"", "0.0.0.0"}
}

database_groups := concat("", [
	`(?:^|\.)(?:rds|docdb|neptune|redshift|database|dbforpostgresql|dbformysql|dbformariadb|documentdb|sql|alloydb|cache)\.`,
	`|^(?:atlas\.mongodb\.com|aiven\.io)$`,
])

# Brokers and replication instances have the same field.
is_other_service(custom) if regex.match(`^(?:mq|dms|amazonmq)\.`, kubernetes.group(custom))

lets_in_everybody(field, "Enabled") if field[count(field) - 1] == "publicNetworkAccess"

lets_in_everybody(field, range) if {
	some step in field
	step in {"authorizedExternalNetworks", "authorizedNetworks", "entries", "ip_filter", "projectIpAccessList"}
	regex.match(`/[0-9]{1,3}$`, range)
	count(nodes.wide([range])) > 0
}
