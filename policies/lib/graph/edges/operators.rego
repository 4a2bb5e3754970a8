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
	not kubernetes.group(custom) in kubernetes.cnpg_groups
	walk(kubernetes.map(custom, ["spec"]), [field, type])
	type in {"LoadBalancer", "NodePort"}
	field[count(field) - 1] in type_fields
	not is_internal_field(custom, field, type)
	path := array.concat(["spec"], field)
}

# Some have switches instead, or fields that are enough by being there.
# Sources: https://postgres-operator.readthedocs.io/en/latest/reference/cluster_manifest/
# https://www.mongodb.com/docs/kubernetes/current/reference/k8s-operator-specification/
openings contains entrance(custom, field, nodes.node(custom)) if {
	some custom in kubernetes.objects
	some [field, condition] in switches[kubernetes.group(custom)][kubernetes.kind(custom)]
	is_on(condition, kubernetes.value(custom, field, null))
	not is_internal_zalando(custom)
}

type_fields := {"type", "exposeType", "exposedFeatureServiceType", "serviceType", "databaseServiceType"}

switches := {
	"acid.zalan.do": {
		"postgresql": [
			[["spec", "enableMasterLoadBalancer"], "true"],
			[["spec", "enableMasterPoolerLoadBalancer"], "true"],
			[["spec", "enableReplicaLoadBalancer"], "true"],
			[["spec", "enableReplicaPoolerLoadBalancer"], "true"],
		],
		"OperatorConfiguration": [
			[["configuration", "load_balancer", "enable_master_load_balancer"], "true"],
			[["configuration", "load_balancer", "enable_replica_load_balancer"], "true"],
		],
	},
	"cassandra.datastax.com": {"CassandraDatacenter": [[["spec", "networking", "nodePort"], "there"]]},
	"crdb.cockroachlabs.com": {"CrdbCluster": [[["spec", "ingress", "sql"], "there"]]},
	"mongodb.com": {"MongoDB": [
		[["spec", "exposedExternally"], "true"],
		[["spec", "externalAccess"], "load balancer"],
	]},
}

is_on("true", true) := true

is_on("there", value) if is_object(value)

is_on("load balancer", value) if {
	is_object(value)
	not value.externalService.spec.type == "ClusterIP"
}

is_internal_field(custom, field, "LoadBalancer") if {
	around := object.get(custom.spec, array.slice(field, 0, count(field) - 1), {})
	nodes.is_internal(around, {})
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
	nodes.let_in_few(kubernetes.list(custom, ["spec", "allowedSourceRanges"]))
}
