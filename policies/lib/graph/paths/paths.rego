# METADATA
# title: Ways from the internet to a database
# description: Searches the graph; the work grows with its nodes and ways, whatever its shape.
package lib.graph.paths

import data.lib.graph.edges
import data.lib.graph.nodes
import data.lib.kubernetes

# METADATA
# description: |
#   The fields that let the internet reach a database: `resource`, `path` and the shortest `trace`.
exposures contains exposure if {
	some field in {one.field | some one in traces}
	[_, shortest] := min({[count(one.steps), one.steps] | some one in traces; one.field == field})
	exposure := {"resource": field[0], "path": field[1], "trace": shortest}
}

traces := [{"field": [opening.resource, opening.path], "steps": shown} |
	some opening in edges.openings
	opening.to in leading
	shown := array.concat(array.concat(["internet"], opening.via), way(opening.to))
]

# A search goes on only from nodes that have an entry, be it an empty one.
predecessors := object.union({node: set() | some node in mentioned}, {to: from |
	some to in {step[1] | some step in steps}
	from := {step[0] | some step in steps; step[1] == to}
})

successors := {from: to |
	some from in {step[0] | some step in steps}
	to := {step[1] | some step in steps; step[0] == from}
}

steps := [way | some way in edges.ways]

# Every node that leads to a database, databases included. A pooler that leads to none in sight stands for its database.
leading := to_known | lonely_poolers

to_known := graph.reachable(predecessors, databases)

lonely_poolers := graph.reachable(predecessors, poolers)

databases := {node | some node in mentioned; is_database(node)}

mentioned := {node | some way in edges.ways; some node in way} | {opening.to | some opening in edges.openings}

# Ways lead only to workloads that answer for a database, so that all that is no relay is one.
is_database(node) if {
	not split(node, " ")[0] in {"Backend", "Service", "TraefikService"}
	not node in relays
}

# A Service that is written elsewhere is what the port in the reference says; one of the same name in another namespace
# makes the reference a mistake instead.
is_database(node) if {
	some [_, name, port] in regex.find_all_string_submatch_n(`^Service (?:[^/]*/)?([^/:]+):([^:]+)$`, node, 1)
	not name in names_of_services
	some said in [port, nodes.number_or_text(port)]
	nodes.is_database_port(said)
}

is_database(node) if node in lonely_services

is_database(node) if node in configured_services

names_of_services := {regex.replace(service.id, `^.*/`, "") | some service in nodes.services}

# A Service with nothing behind it in sight is what its target port says; a name may mean anything.
lonely_services := {nodes.service_node(service, port.number) |
	some service in nodes.services
	not has_something_behind(service)
	some port in service.ports
	some said in telling(port)
	nodes.is_database_port(said)
}

telling(port) := [port.target] if {
	is_number(port.target)
} else := [port.target, port.name, port.number]

has_something_behind(service) if service.leads_to != null

has_something_behind(service) if kubernetes.text(service.spec, ["type"]) == "ExternalName"

has_something_behind(service) if count(nodes.named_by_selector(service)) > 0

# Pods of another namespace make the Service a mistake.
has_something_behind(service) if nodes.selects_somewhere(service)

has_something_behind(service) if count(object.get(edges.endpoints, [service.id], set())) > 0

configured_services := {node |
	some service in nodes.services
	nodes.is_configured(service.object)
	some node in nodes.of_service(service)
}

relays := {pod.node |
	some pod in nodes.pods
	classes := {container.class | some container in pod.containers}
	count(classes & {"pooler", "proxy", "tunnel"}) > 0
	count(classes & {"console", "database"}) == 0
}

poolers := {pod.node |
	some pod in nodes.pods
	some container in pod.containers
	container.class == "pooler"
}

# The shortest way from a node: each node has one next node, nearer to a database, so that there is one way to follow.
way(node) := shown if {
	some shown in graph.reachable_paths(single_file, {node})
} else := [node, "…"]

single_file := {from: [to] | some from, to in next_nodes}

# Twelve steps are more than any sane way has; of a longer one the beginning is shown.
next_nodes := step(step(step(step(step(step(step(step(step(step(step(step(ends))))))))))))

ends := {node: "" | some node in (databases | {pooler | some pooler in poolers; not pooler in to_known})}

step(known) := object.union(known, nearer) if {
	frontier := {from |
		some to, _ in known
		some from in predecessors[to]
		not known[from]
	}
	nearer := {from: to |
		some from in frontier
		to := min({next | some next in successors[from]; known[next]})
	}
}
