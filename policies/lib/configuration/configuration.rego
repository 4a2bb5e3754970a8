# METADATA
# title: Configuration
# description: The texts by which programs are told what to do, wherever they stand, gathered once for all rules.
package lib.configuration

import data.lib.kubernetes
import data.lib.pods

# METADATA
# description: |
#   The texts in environment variables, commands, arguments and ConfigMaps, and the lines of a pg_hba.conf in resources
#   of operators: each with its `object`, `path`, `name` (of the variable, the key, or empty) and `text`.
texts := array.concat(array.concat(variables, commands), array.concat(files, hba_lists))

# METADATA
# description: The environment variables that are written out, each with its container as `one`.
variables := [{"object": one.pod.object, "path": path, "name": name, "text": text, "one": one} |
	some one in pods.containers
	some i, variable in kubernetes.list(one.container, ["env"])
	text := kubernetes.text(variable, ["value"])
	text != ""
	name := kubernetes.text(variable, ["name"])
	path := array.concat(one.path, ["env", i, "value"])
]

commands := [{
	"object": one.pod.object,
	"path": array.concat(one.path, [field, i]),
	"name": "",
	"text": text,
	"one": one,
} |
	some one in pods.containers
	some field in ["command", "args"]
	some i, text in kubernetes.list(one.container, [field])
	is_string(text)
]

files := [{"object": written, "path": ["data", key], "name": key, "text": text, "one": null} |
	some written in kubernetes.objects
	kubernetes.kind(written) == "ConfigMap"
	some key, text in kubernetes.map(written, ["data"])
	is_string(text)
]

# CloudNativePG, Zalando, Crunchy, in this order.
hba_paths := [
	["spec", "postgresql", "pg_hba"],
	["spec", "patroni", "pg_hba"],
	["spec", "patroni", "dynamicConfiguration", "postgresql", "pg_hba"],
]

hba_lists := [{"object": custom, "path": array.concat(path, [i]), "name": "pg_hba", "text": text, "one": null} |
	some custom in kubernetes.objects
	some path in hba_paths
	some i, text in kubernetes.list(custom, path)
	is_string(text)
]
