package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# A Pooler leads to its Cluster, which may be written elsewhere.
ways contains [nodes.node(pooler), to] if {
	some pooler in nodes.poolers_of_cnpg
	name := kubernetes.text(pooler, ["spec", "cluster", "name"])
	name != ""
	to := sprintf("Cluster %s", [nodes.id(kubernetes.namespace(pooler), name)])
}

# Every operator has fields of its own that make its Services public; all of them hold a Service's type.
openings contains entrance(custom, path, nodes.node(custom)) if {
	some custom in nodes.operated
	kubernetes.group(custom) != "postgresql.cnpg.io"
	walk(kubernetes.map(custom, ["spec"]), [field, type])
	type in {"LoadBalancer", "NodePort"}
	field[count(field) - 1] in {"type", "exposeType", "serviceType", "databaseServiceType"}
	not is_internal_field(custom, field, type)
	path := array.concat(["spec"], field)
}

# Zalando's operator has switches instead.
# Source: https://postgres-operator.readthedocs.io/en/latest/reference/cluster_manifest/
openings contains entrance(custom, ["spec", field], nodes.node(custom)) if {
	some custom in nodes.operated
	kubernetes.group(custom) == "acid.zalan.do"
	some field in [
		"enableMasterLoadBalancer", "enableMasterPoolerLoadBalancer",
		"enableReplicaLoadBalancer", "enableReplicaPoolerLoadBalancer",
	]
	custom.spec[field] == true
	not is_internal_zalando(custom)
}

# Databases of a cloud, written as custom resources.
openings contains entrance(custom, path, nodes.node(custom)) if {
	some custom in kubernetes.objects
	regex.match(`(?:^|\.)(?:rds|docdb|neptune|redshift|database|dbforpostgresql|sql|alloydb)\.`, kubernetes.group(custom))
	walk(kubernetes.map(custom, ["spec"]), [field, value])
	makes_public(field, value)
	path := array.concat(["spec"], field)
}

is_internal_field(custom, field, "LoadBalancer") if {
	some depth in numbers.range(0, count(field) - 1)
	around := object.get(custom.spec, array.slice(field, 0, depth), {})
	some annotations in [["annotations"], ["metadata", "annotations"], ["serviceAnnotations"]]
	nodes.is_internal({}, nodes.only_strings(kubernetes.map(around, annotations)))
}

is_internal_field(custom, field, _) if {
	around := object.get(custom.spec, array.slice(field, 0, count(field) - 1), {})
	around.enabled == false
}

is_internal_zalando(custom) if {
	some field in ["serviceAnnotations", "masterServiceAnnotations", "replicaServiceAnnotations"]
	nodes.is_internal({}, nodes.only_strings(kubernetes.map(custom, ["spec", field])))
}

is_internal_zalando(custom) if {
	ranges := kubernetes.list(custom, ["spec", "allowedSourceRanges"])
	count(ranges) > 0
	every range in ranges {
		nodes.is_narrow(range)
	}
}

makes_public(field, true) if field[count(field) - 1] in {"publiclyAccessible", "publicNetworkAccessEnabled"}

makes_public(field, value) if {
	field[count(field) - 1] == "value"
	some step in field
	step == "authorizedNetworks"
	value in {"0.0.0.0/0", "::/0"}
}
