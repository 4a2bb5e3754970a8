package lib.graph.nodes

import data.lib.kubernetes

# The resources that an operator turns into a database: kinds, the label its pods carry with the resource's name, the
# suffixes of its Services' names and their port. Sources: each operator's own documentation.
operators := {
	"postgresql.cnpg.io": {
		"kinds": {"Cluster"}, "label": "cnpg.io/cluster",
		"services": ["-rw", "-ro", "-r"], "port": 5432,
	},
	"acid.zalan.do": {
		"kinds": {"postgresql"}, "label": "cluster-name",
		"services": ["", "-repl", "-pooler", "-pooler-repl"], "port": 5432,
	},
	"postgres-operator.crunchydata.com": {
		"kinds": {"PostgresCluster"}, "label": "postgres-operator.crunchydata.com/cluster",
		"services": ["-primary", "-replicas", "-ha", "-pgbouncer"], "port": 5432,
	},
	"pgv2.percona.com": {
		"kinds": {"PerconaPGCluster"}, "label": "postgres-operator.crunchydata.com/cluster",
		"services": ["-primary", "-replicas", "-ha", "-pgbouncer"], "port": 5432,
	},
	"pxc.percona.com": {
		"kinds": {"PerconaXtraDBCluster"}, "label": "app.kubernetes.io/instance",
		"services": ["-haproxy", "-haproxy-replicas", "-proxysql", "-pxc"], "port": 3306,
	},
	"ps.percona.com": {
		"kinds": {"PerconaServerMySQL"}, "label": "app.kubernetes.io/instance",
		"services": ["-mysql", "-mysql-primary", "-haproxy", "-router"], "port": 3306,
	},
	"psmdb.percona.com": {
		"kinds": {"PerconaServerMongoDB"}, "label": "app.kubernetes.io/instance",
		"services": ["-rs0", "-mongos"], "port": 27017,
	},
	"stackgres.io": {
		"kinds": {"SGCluster"}, "label": "stackgres.io/cluster-name",
		"services": ["", "-primary", "-replicas"], "port": 5432,
	},
	"kubedb.com": {
		"kinds": {
			"Elasticsearch", "MariaDB", "Memcached", "MongoDB", "MySQL",
			"PerconaXtraDB", "PgBouncer", "Postgres", "Redis",
		},
		"label": "app.kubernetes.io/instance", "services": ["", "-standby", "-pods"], "port": 5432,
	},
	"k8s.mariadb.com": {
		"kinds": {"MariaDB", "MaxScale"}, "label": "app.kubernetes.io/instance",
		"services": ["", "-primary", "-secondary"], "port": 3306,
	},
	"mysql.oracle.com": {
		"kinds": {"InnoDBCluster"}, "label": "mysql.oracle.com/cluster",
		"services": ["", "-instances"], "port": 3306,
	},
	"mongodbcommunity.mongodb.com": {
		"kinds": {"MongoDBCommunity"}, "label": "app",
		"services": ["-svc"], "port": 27017,
	},
	"mongodb.com": {"kinds": {"MongoDB"}, "label": "app", "services": ["-svc", "-svc-external"], "port": 27017},
	"redis.redis.opstreelabs.in": {
		"kinds": {"Redis", "RedisCluster", "RedisReplication"}, "label": "app",
		"services": ["", "-leader", "-master", "-replica"], "port": 6379,
	},
	"elasticsearch.k8s.elastic.co": {
		"kinds": {"Elasticsearch"}, "label": "elasticsearch.k8s.elastic.co/cluster-name",
		"services": ["-es-http"], "port": 9200,
	},
	"crdb.cockroachlabs.com": {
		"kinds": {"CrdbCluster"}, "label": "app.kubernetes.io/instance",
		"services": ["", "-public"], "port": 26257,
	},
	"dragonflydb.io": {"kinds": {"Dragonfly"}, "label": "app", "services": [""], "port": 6379},
}

# METADATA
# description: The custom resources among the objects that are databases.
operated := [custom |
	some custom in kubernetes.objects
	kubernetes.kind(custom) in operators[kubernetes.group(custom)].kinds
]

poolers_of_cnpg := [custom |
	some custom in kubernetes.objects
	kubernetes.kind(custom) == "Pooler"
	kubernetes.group(custom) == "postgresql.cnpg.io"
]

# Labels that only an operator's pods carry, and the kind they name: a Service that selects them reaches a database
# wherever the resource itself is written.
operator_labels := {
	"cnpg.io/cluster": "Cluster",
	"cnpg.io/poolerName": "Pooler",
	"elasticsearch.k8s.elastic.co/cluster-name": "Elasticsearch",
	"mysql.oracle.com/cluster": "InnoDBCluster",
	"postgres-operator.crunchydata.com/cluster": "PostgresCluster",
	"stackgres.io/cluster-name": "SGCluster",
}

# The pods an operator makes, as far as a Service can select them.
operated_pods := array.concat(
	[pod |
		some custom in operated
		some role in ["primary", "replica"]
		pod := operated_pod(custom, instance_labels(custom, role), "database", operators[kubernetes.group(custom)].port)
	],
	[pod |
		some custom in poolers_of_cnpg
		own := kubernetes.map(custom, ["spec", "template", "metadata", "labels"])
		labels := {"cnpg.io/poolerName": kubernetes.name(custom), "cnpg.io/podRole": "pooler"}
		pod := operated_pod(custom, object.union(own, labels), "pooler", 5432)
	],
)

operated_pod(custom, labels, class, port) := {
	"node": node(custom),
	"namespace": kubernetes.namespace(custom),
	"labels": labels,
	"containers": [{"class": class, "ports": [
		{"name": "postgresql", "number": port},
		{"name": "pgbouncer", "number": port},
		{"name": "metrics", "number": 9187},
	]}],
}

instance_labels(custom, role) := object.union(
	kubernetes.map(custom, ["spec", "inheritedMetadata", "labels"]),
	{
		operators[kubernetes.group(custom)].label: kubernetes.name(custom),
		"app.kubernetes.io/component": "database",
		"app.kubernetes.io/instance": kubernetes.name(custom),
		"app.kubernetes.io/managed-by": "cloudnative-pg",
		"app.kubernetes.io/name": "postgresql",
		"application": "spilo",
		"cnpg.io/instanceName": kubernetes.name(custom),
		"cnpg.io/instanceRole": role,
		"cnpg.io/podRole": "instance",
		"postgresql": kubernetes.name(custom),
		"role": role,
		"spilo-role": role_of_spilo[role],
	},
)

role_of_spilo := {"primary": "master", "replica": "replica"}

# The Services an operator makes of its resource without being asked.
operated_services := array.concat(
	[service |
		some custom in operated
		operator := operators[kubernetes.group(custom)]
		some suffix in operator.services
		service := {
			"id": id(kubernetes.namespace(custom), concat("", [kubernetes.name(custom), suffix])),
			"object": custom,
			"path": null,
			"annotations": {},
			"spec": {},
			"ports": [{"number": operator.port, "name": "postgres", "target": operator.port}],
			"leads_to": node(custom),
		}
	],
	[service |
		some custom in poolers_of_cnpg
		service := templated_service(custom, ["spec", "serviceTemplate"], kubernetes.name(custom))
	],
)

# The Services an author asks CloudNativePG for.
# Source: https://cloudnative-pg.io/documentation/current/service_management/
managed_services := [service |
	some custom in operated
	some i, managed in kubernetes.list(custom, ["spec", "managed", "services", "additional"])
	name := kubernetes.text(managed, ["serviceTemplate", "metadata", "name"])
	service := templated_service(custom, ["spec", "managed", "services", "additional", i, "serviceTemplate"], name)
]

templated_service(custom, path, name) := {
	"id": id(kubernetes.namespace(custom), name),
	"object": custom,
	"path": array.concat(path, ["spec"]),
	"annotations": only_strings(kubernetes.map(template, ["metadata", "annotations"])),
	"spec": kubernetes.map(template, ["spec"]),
	"ports": ports_or(kubernetes.map(template, ["spec"]), [{"number": 5432, "name": "postgres", "target": 5432}]),
	"leads_to": node(custom),
} if {
	template := object.get(custom, path, {})
}

only_strings(map) := {key: value | some key, value in map; is_string(value)}
