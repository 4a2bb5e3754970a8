# METADATA
# title: Images
# description: Every image that somebody names, in containers and in resources of operators.
package lib.images

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.pods

# METADATA
# description: |
#   The images, each with its `object`, `path` and `image`, the `tag` and `digest` in it (empty when there is none) and
#   whether it is a database's. What a template is still to fill in is left out.
named := [object.union(given, parts(given.image)) |
	some given in array.concat(in_containers, in_resources)
	not regex.match(`[${}<>]|^$`, given.image)
]

in_containers := [{
	"object": one.pod.object,
	"path": array.concat(one.path, ["image"]),
	"image": kubernetes.text(one.container, ["image"]),
	"is_database": nodes.class(one.container) == "database",
} |
	some one in pods.containers
]

in_resources := [{"object": custom, "path": path, "image": kubernetes.text(custom, path), "is_database": is_database} |
	some custom in kubernetes.objects
	some path, is_database in paths[concat("/", [kubernetes.group(custom), kubernetes.kind(custom)])]
]

# Where a resource names an image, and whether a database runs it.
paths := object.union(
	{
		"acid.zalan.do/postgresql": {["spec", "dockerImage"]: true},
		"postgres-operator.crunchydata.com/PostgresCluster": {["spec", "image"]: true},
	},
	{concat("/", [group, kind]): path |
		some group in kubernetes.cnpg_groups
		some kind, path in {
			"Cluster": {["spec", "imageName"]: true},
			"Pooler": {["spec", "pgbouncer", "image"]: false},
		}
	},
)

parts(image) := {"tag": tag_of(split(name, "/")), "digest": digest} if {
	[name, digest] := array.slice(array.concat(split(image, "@"), [""]), 0, 2)
}

tag_of(segments) := tag if {
	[_, tag] := split(segments[count(segments) - 1], ":")
} else := ""
