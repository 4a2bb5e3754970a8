package lib.graph.nodes

import data.lib.kubernetes

# The resources that an operator turns into a database: kinds, the label its pods carry with the resource's name, the
# suffixes of its Services' names and their port. Sources: each operator's own documentation.
operators := {
	"postgresql.cnpg.io": {
		"kinds": {"Cluster"}, "label": "cnpg.io/cluster",
		"services": ["-rw", "-ro", "-r"], "port": 5432,
	},
	"postgresql.k8s.enterprisedb.io": {
		"kinds": {"Cluster"}, "label": "k8s.enterprisedb.io/cluster",
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
	"app.redislabs.com": {
		"kinds": {"RedisEnterpriseCluster", "RedisEnterpriseDatabase"}, "label": "redis.io/cluster",
		"services": [""], "port": 6379,
	},
	"databases.spotahome.com": {
		"kinds": {"RedisFailover"}, "label": "redisfailovers.databases.spotahome.com/name",
		"services": [], "port": 6379,
	},
	"cassandra.datastax.com": {
		"kinds": {"CassandraDatacenter"}, "label": "cassandra.datastax.com/datacenter", "services": [], "port": 9042,
	},
	"k8ssandra.io": {"kinds": {"K8ssandraCluster"}, "label": "k8ssandra.io/cluster-name", "services": [], "port": 9042},
	"scylla.scylladb.com": {
		"kinds": {"ScyllaCluster"}, "label": "scylla/cluster",
		"services": ["-client"], "port": 9042,
	},
	"clickhouse.altinity.com": {
		"kinds": {"ClickHouseInstallation"}, "label": "clickhouse.altinity.com/chi",
		"services": [], "port": 9000,
	},
	"pingcap.com": {"kinds": {"TidbCluster"}, "label": "tidb.pingcap.com/cluster", "services": ["-tidb"], "port": 4000},
	"apps.kubeblocks.io": {"kinds": {"Cluster"}, "label": "app.kubernetes.io/instance", "services": [], "port": 5432},
	"opensearch.opster.io": {
		"kinds": {"OpenSearchCluster"}, "label": "opster.io/opensearch-cluster",
		"services": [""], "port": 9200,
	},
	"opensearch.org": {
		"kinds": {"OpenSearchCluster"}, "label": "opensearch.org/opensearch-cluster",
		"services": [""], "port": 9200,
	},
	"couchbase.com": {"kinds": {"CouchbaseCluster"}, "label": "couchbase_cluster", "services": ["-srv"], "port": 8091},
	"mysql.presslabs.org": {
		"kinds": {"MysqlCluster"}, "label": "mysql.presslabs.org/cluster",
		"services": ["-mysql", "-mysql-master"], "port": 3306,
	},
	"database.arangodb.com": {
		"kinds": {"ArangoDeployment"}, "label": "arango_deployment",
		"services": ["", "-ea"], "port": 8529,
	},
	"planetscale.com": {
		"kinds": {"VitessCluster"}, "label": "planetscale.com/cluster",
		"services": ["-vtgate"], "port": 3306,
	},
	"solr.apache.org": {
		"kinds": {"SolrCloud"}, "label": "solr-cloud",
		"services": ["-solrcloud-common"], "port": 8983,
	},
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
	kubernetes.group(custom) in kubernetes.cnpg_groups
]

# Labels that only an operator's pods carry, and the kind they name: a Service that selects them reaches a database
# wherever the resource itself is written.
operator_labels := {
	"cnpg.io/cluster": "Cluster",
	"cnpg.io/poolerName": "Pooler",
	"elasticsearch.k8s.elastic.co/cluster-name": "Elasticsearch",
	"k8s.enterprisedb.io/cluster": "Cluster",
	"k8s.enterprisedb.io/poolerName": "Pooler",
	"mysql.oracle.com/cluster": "InnoDBCluster",
	"postgres-operator.crunchydata.com/cluster": "PostgresCluster",
	"stackgres.io/cluster-name": "SGCluster",
}

# METADATA
# description: The resources that a selector of an operator's labels names, wherever they are written.
named_by_selector(service) := {target |
	some label, value in kubernetes.map(service.spec, ["selector"])
	kind := operator_labels[label]
	target := sprintf("%s %s", [kind, id(kubernetes.namespace(service.object), value)])
} | {target |
	selector := kubernetes.map(service.spec, ["selector"])
	selector.application == "spilo"
	target := sprintf("postgresql %s", [id(kubernetes.namespace(service.object), selector["cluster-name"])])
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
		cluster := kubernetes.text(custom, ["spec", "cluster", "name"])
		labels := {
			"cnpg.io/cluster": cluster,
			"k8s.enterprisedb.io/cluster": cluster,
			"cnpg.io/poolerName": kubernetes.name(custom),
			"cnpg.io/podRole": "pooler",
			"k8s.enterprisedb.io/poolerName": kubernetes.name(custom),
			"k8s.enterprisedb.io/podRole": "pooler",
		}
		pod := operated_pod(custom, object.union(own, labels), "pooler", 5432)
	],
)

operated_pod(custom, labels, class, port) := {
	"node": node(custom),
	"object": custom,
	"path": ["spec"],
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
