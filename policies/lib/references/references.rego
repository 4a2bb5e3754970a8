package lib.references

import data.lib.kubernetes
import data.lib.pods
import data.lib.scale

# METADATA
# description: |
#   Every reference to a ConfigMap or Secret that must be there: `object`, `path`, `kind`, `namespace`, `name`, and the
#   `keys` that are asked for, by their paths.
configs := array.concat(array.concat(by_variables, by_volumes), by_resources)

by_variables := array.concat(
	[reference(one.pod.object, path, kind, given, {array.concat(path, ["key"]): kubernetes.text(given, ["key"])}) |
		some one in pods.containers
		some i, variable in kubernetes.list(one.container, ["env"])
		some field, kind in {"configMapKeyRef": "ConfigMap", "secretKeyRef": "Secret"}
		given := kubernetes.map(variable, ["valueFrom", field])
		is_needed(given)
		path := array.concat(one.path, ["env", i, "valueFrom", field])
	],
	[reference(one.pod.object, array.concat(one.path, ["envFrom", i, field]), kind, given, {}) |
		some one in pods.containers
		some i, source in kubernetes.list(one.container, ["envFrom"])
		some field, kind in {"configMapRef": "ConfigMap", "secretRef": "Secret"}
		given := kubernetes.map(source, [field])
		is_needed(given)
	],
)

by_volumes := [reference(pod.object, path, kind, given, items_of(given, path)) |
	some pod in kubernetes.pods
	some i, volume in kubernetes.list(pod.spec, ["volumes"])
	some [field, kind, given] in sources_of(volume)
	is_needed(given)
	path := array.concat(pod.path, array.concat(["volumes", i], field))
]

sources_of(volume) := array.concat(
	[[[field], kind, given] |
		some field, kind in {"configMap": "ConfigMap", "secret": "Secret"}
		given := kubernetes.map(volume, [field])
	],
	[[["projected", "sources", j, field], kind, given] |
		some j, source in kubernetes.list(volume, ["projected", "sources"])
		some field, kind in {"configMap": "ConfigMap", "secret": "Secret"}
		given := kubernetes.map(source, [field])
	],
)

items_of(given, path) := {array.concat(path, ["items", k, "key"]): kubernetes.text(item, ["key"]) |
	some k, item in kubernetes.list(given, ["items"])
}

by_resources := array.concat(
	[reference(ingress, ["spec", "tls", i], "Secret", entry, {}) |
		some ingress in kubernetes.objects
		kubernetes.kind(ingress) == "Ingress"
		not regex.match(`cert-manager\.io/|tls-acme`, json.marshal(object.keys(kubernetes.annotations(ingress))))
		some i, entry in kubernetes.list(ingress, ["spec", "tls"])
		is_needed(entry)
	],
	[reference(custom, path, "Secret", given, {}) |
		some custom in scale.clusters
		some [path, given] in secrets_of_cluster(custom)
		is_needed(given)
	],
)

secrets_of_cluster(custom) := array.concat(
	[[path, kubernetes.map(custom, path)] | some path in [
		["spec", "bootstrap", "initdb", "secret"],
		["spec", "superuserSecret"],
	]],
	[[path, kubernetes.map(role, ["passwordSecret"])] |
		some i, role in kubernetes.list(custom, ["spec", "managed", "roles"])
		path := ["spec", "managed", "roles", i, "passwordSecret"]
	],
)

is_needed(given) if {
	name_in(given) != ""
	kubernetes.value(given, ["optional"], false) != true
}

name_in(given) := name if {
	name := kubernetes.text(given, ["secretName"])
	name != ""
} else := kubernetes.text(given, ["name"])

name_field(given) := "secretName" if {
	kubernetes.text(given, ["secretName"]) != ""
} else := "name"

reference(manifest, path, kind, given, keys) := {
	"object": manifest,
	"path": array.concat(path, [name_field(given)]),
	"kind": kind,
	"namespace": kubernetes.namespace(manifest),
	"name": name_in(given),
	"keys": keys,
}

# METADATA
# description: The names of the objects of each kind, by kind and namespace; CustomResources too.
names := {kind: {pair | some [other, pair] in named; other == kind} | some kind in {kind | some [kind, _] in named}}

named contains [kubernetes.kind(manifest), [kubernetes.namespace(manifest), kubernetes.name(manifest)]] if {
	some manifest in kubernetes.objects
}
