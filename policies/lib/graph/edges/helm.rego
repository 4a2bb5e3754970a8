package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# A chart is rendered by somebody else; its values still tell that the Service of a database will be public.
openings contains entrance(given.release, value_path(given, field), nodes.node(given.release)) if {
	some given in chart_values
	walk(given.values, [field, type])
	type in {"LoadBalancer", "NodePort"}
	field[count(field) - 1] == "type"
	some part in array.concat([given.chart], field)
	is_of_database(part)
	not is_internal_value(given.values, field)
}

# Argo CD also takes single values by their path.
openings contains entrance(release, array.concat(path, ["helm", "parameters", i, "value"]), nodes.node(release)) if {
	some release in kubernetes.objects
	some path in source_paths(release)
	source := kubernetes.map(release, path)
	some i, parameter in kubernetes.list(source, ["helm", "parameters"])
	kubernetes.text(parameter, ["value"]) in {"LoadBalancer", "NodePort"}
	field := split(kubernetes.text(parameter, ["name"]), ".")
	field[count(field) - 1] == "type"
	some part in array.concat([kubernetes.text(source, ["chart"])], field)
	is_of_database(part)
}

# The chart of ingress-nginx makes its TCP ConfigMap of the values under `tcp`.
openings contains opening(given.release, value_path(given, ["tcp", port]), to) if {
	some given in chart_values
	some port, target in kubernetes.map(given.values, ["tcp"])
	some to in stream_target(target)
}

is_of_database(part) if nodes.is_database_name(part)

# The chart of CloudNativePG's Clusters is called `cluster`; these are what it has public Services for.
is_of_database(part) if part in {"pgbouncer", "pooler", "poolers", "serviceTemplate"}

source_paths(release) := array.concat(
	[["spec", "source"]],
	[["spec", "sources", i] | some i, _ in kubernetes.list(release, ["spec", "sources"])],
)

# Values as an object, or as a text that holds one. Argo CD, Flux, k3s.
chart_values := [given |
	some release in kubernetes.objects
	kubernetes.kind(release) in {"Application", "HelmChart", "HelmRelease"}
	some [chart_path, values_path] in values_paths(release)
	written := kubernetes.value(release, values_path, null)
	given := {
		"release": release,
		"chart": kubernetes.text(release, chart_path),
		"path": values_path,
		"is_text": is_string(written),
		"values": read(written),
	}
]

values_paths(release) := array.concat(
	[
		[["spec", "chart", "spec", "chart"], ["spec", "values"]],
		[["spec", "chartRef", "name"], ["spec", "values"]],
		[["spec", "chart"], ["spec", "valuesContent"]],
	],
	[[array.concat(path, ["chart"]), array.concat(path, ["helm", field])] |
		some path in source_paths(release)
		some field in ["values", "valuesObject"]
	],
)

read(written) := written if {
	is_object(written)
} else := yaml.unmarshal(written) if {
	yaml.is_valid(written)
} else := {}

# A text has no fields to point at.
value_path(given, field) := given.path if {
	given.is_text
} else := array.concat(given.path, field)

is_internal_value(values, field) if {
	around := object.get(values, array.slice(field, 0, count(field) - 1), {})
	nodes.is_internal(around, nodes.only_strings(kubernetes.map(around, ["annotations"])))
}
