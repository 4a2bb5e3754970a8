# METADATA
# title: The graph of who reaches what
# description: |
#   Nodes are `Kind namespace/name` of workloads and operators' resources and `Service namespace/name:port`. Here is
#   what they are; `edges/` says who leads to whom, one file a provider; `paths/` searches.
package lib.graph.nodes

import data.lib.kubernetes

# What serves a database's protocol, judged by the image's own name: a database's name with qualifiers, behind any
# prefix (`acme-postgres-17`), so that `postgres-exporter`, `mongo-express` or `redis-operator` are not.
servers := concat("", [
	`^(?:[a-z0-9]+[-_.])*(?:postgres(?:ql)?|pgsql|postgis|timescaledb|timescale|pgvector|spilo|patroni|stolon|citus`,
	`|alloydb|yugabyte(?:db)?|cockroach(?:db)?|mysql|mysqld|mariadb|percona|xtradb|galera|tidb|tikv|mssql|sqlserver|oracle`,
	`|db2|mongo|mongod|mongodb|ferretdb|redis|valkey|keydb|dragonfly|memcached|cassandra|scylla(?:db)?|couchdb|couchbase`,
	`|elasticsearch|opensearch|clickhouse|neo4j|arangodb|rethinkdb|influxdb|questdb|etcd|surrealdb|qdrant|milvus|weaviate`,
	`|aerospike|dgraph|ravendb|tarantool|firebird|singlestore|memsql|greenplum|vitess|solr|hbase|orientdb|immudb|rqlite)`,
	`(?:[-_.]?(?:v?[0-9]+|server|ha|ee|xe|omni|free|oss|community|enterprise|cluster|repmgr|replication|primary|replica`,
	`|sentinel|stack|gis|alpine|debian|ubi|bitnami|custom|image))*$`,
])

tools := `^(?:[a-z0-9]+[-_.])*(?:backup|client|exporter|migrat(?:e|or|ion|ions)|operator|wait(?:-for)?|init|tools?)[-_.]`

poolers := `^(?:[a-z0-9]+[-_.])*(?:pgbouncer|pgpool(?:-ii)?|pgpool2|odyssey|pgcat|supavisor|proxysql|maxscale|mysql-router|mongos|twemproxy|cloud-sql-proxy|cloudsql-proxy|gce-proxy)(?:[-_.].*)?$`

consoles := `^(?:[a-z0-9]+[-_.])*(?:pgadmin4?|adminer|phpmyadmin|phppgadmin|cloudbeaver|dbgate|pgweb|sqlpad|omnidb|mongo-express|redis-commander|redisinsight|kibana|opensearch-dashboards)(?:[-_.]?[0-9]+)?$`

proxies := `^(?:[a-z0-9]+[-_.])*(?:haproxy|envoy|nginx|openresty|socat|traefik|caddy|rinetd|gost)(?:[-_.](?:unprivileged|alpine|distroless|[0-9.]+))*$`

tunnels := `^(?:[a-z0-9]+[-_.])*(?:autossh|cloudflared|ngrok|frpc|inlets(?:-pro)?|chisel|bore|localtunnel|rathole|zrok|playit)(?:[-_.].*)?$`

# METADATA
# description: |
#   What a container is: `database`, `pooler` (speaks the database's protocol in front of one), `console` (shows a
#   database to a browser), `proxy` (passes on what its configuration says), `tunnel` or `other`.
class(container) := "tunnel" if {
	regex.match(tunnels, image_name(container))
} else := "console" if {
	regex.match(consoles, image_name(container))
} else := "pooler" if {
	regex.match(poolers, image_name(container))
} else := "database" if {
	is_server(container)
	not is_client(container)
} else := "proxy" if {
	regex.match(proxies, image_name(container))
} else := "proxy" if {
	"port-forward" in texts(container, ["command"], ["args"])
} else := "other"

is_server(container) if is_database_name(image_name(container))

is_server(container) if regex.match(
	`(?:^|/)(?:mssql/server|couchbase/server|database/(?:enterprise|free|express))(?:[:@]|$)`,
	image(container),
)

# An image of somebody's own that keeps its files where a database does, or starts one.
is_server(container) if {
	some mount in kubernetes.list(container, ["volumeMounts"])
	regex.match(data_folders, kubernetes.text(mount, ["mountPath"]))
}

is_server(container) if {
	command := texts(container, ["command"], ["args"])[0]
	regex.match(`^(?:\S*/)?(?:postgres|mysqld|mariadbd|mongod|redis-server|valkey-server|memcached|clickhouse-server|etcd)$`, command)
}

data_folders := `^/(?:var/lib/(?:postgresql|mysql|mariadb|mongodb|cassandra|clickhouse|redis|pgsql)|data/db|bitnami/(?:postgresql|mysql|mariadb|mongodb|redis|valkey|cassandra|elasticsearch|clickhouse)|usr/share/elasticsearch)(?:/|$)`

# METADATA
# description: A name, of an image or a chart, that is a database's.
is_database_name(name) if {
	is_string(name)
	regex.match(servers, name)
	not regex.match(tools, name)
}

# The image of a database also serves to run its client.
is_client(container) if {
	count(kubernetes.list(container, ["ports"])) == 0
	words := concat(" ", texts(container, ["command"], ["args"]))
	regex.match(`\b(?:psql|pg_dump(?:all)?|pg_restore|pg_isready|mysql|mysqldump|mongosh|mongodump|redis-cli|sleep)\b`, words)
	not regex.match(`\b(?:postgres|mysqld|mongod|redis-server)\b`, words)
}

texts(container, first, second) := array.concat(
	[text | some text in kubernetes.list(container, first); is_string(text)],
	[text | some text in kubernetes.list(container, second); is_string(text)],
)

image(container) := lower(kubernetes.text(container, ["image"]))

# The last part of the image's name, without tag and digest.
image_name(container) := regex.replace(image(container), `^.*/|[:@].*$`, "")

database_ports := {
	1433, 1521, 2379, 3306, 5432, 5984, 6379, 6432, 7687, 8529, 9042, 9200, 9300,
	11211, 26257, 27017, 27018, 27019, 33060,
}

metrics_ports := {9100, 9104, 9121, 9127, 9150, 9187, 9216}

# METADATA
# scope: document
# description: A port, by number or name, is one that databases use and little else does.
is_database_port(port) if port in database_ports

is_database_port(port) if {
	is_string(port)
	regex.match(`^(?:tcp-)?(?:postgres(?:ql)?|pgsql|pgbouncer|psql|mysql|mariadb|mongo(?:db)?|redis|valkey|memcached?|cql|mssql)$`, port)
}

is_metrics_port(port) if port in metrics_ports

is_metrics_port(port) if {
	is_string(port)
	regex.match(`metric|exporter|prom|status|health`, port)
}

# METADATA
# description: |
#   Labels that call a workload a database; `app: postgres` may be anything that has to do with one.
says_database(labels) if {
	some label in ["app.kubernetes.io/component", "app.kubernetes.io/name", "component", "tier"]
	value := kubernetes.text(labels, [label])
	regex.match(`^(?:database|db|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|redis|valkey|cassandra|elasticsearch)$`, value)
}

# METADATA
# description: The author's own list says that an object is a database.
is_configured(manifest) if {
	some entry in kubernetes.list(input, ["config", "databases"])
	entry in {
		concat("/", [kubernetes.kind(manifest), kubernetes.name(manifest)]),
		concat("/", [kubernetes.namespace(manifest), kubernetes.kind(manifest), kubernetes.name(manifest)]),
	}
}

# A host that only a cloud provider's database has.
is_database_host(host) if {
	regex.match(`\.(?:rds|docdb|redshift|cache|memorydb)\.[a-z0-9.-]*amazonaws\.com(?:\.cn)?\.?$`, host)
}

is_database_host(host) if {
	regex.match(`\.(?:(?:postgres|mysql|mariadb)\.(?:database|cosmos)\.azure|database\.windows|redis\.cache\.windows|documents\.azure)\.(?:com|net)\.?$`, host)
}

is_database_host(host) if regex.match(`\.(?:mongodb\.net|neon\.tech|supabase\.co|aivencloud\.com|ondigitalocean\.com)\.?$`, host)
