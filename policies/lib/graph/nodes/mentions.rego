package lib.graph.nodes

# METADATA
# description: The nodes of the Services that a text names as `host:port`, seen from a namespace.
mentioned(text, namespace) := {to |
	some pattern in mentions
	some [_, host, port] in regex.find_all_string_submatch_n(pattern, text, -1)
	target := parse_host(host, namespace)
	services_by_id[id(target.namespace, target.name)]
	some to in resolve(target.namespace, target.name, to_number(port))
}

# In one word, or host and port side by side, as Envoy and frp write them.
mentions := [
	`([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?):([0-9]{2,5})\b`,
	`(?i)(?:address|(?:local_?)?(?:ip|host))["']?\s*[:=]\s*["']?([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)["']?[\s,]+["']?(?:local_?)?port(?:_?value)?["']?\s*[:=]\s*([0-9]{2,5})\b`,
]

# METADATA
# description: The nodes of the Services that a text names, with a port or without.
named(text, namespace) := {to |
	some host in regex.find_n(`[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?`, text, -1)
	target := parse_host(host, namespace)
	services_by_id[id(target.namespace, target.name)]
	some to in resolve(target.namespace, target.name, null)
}

# METADATA
# description: As `resolve`, for a reference by the port of the pods.
resolve_target(namespace, name, target) := nodes if {
	target != null
	indices := services_by_id[id(namespace, name)]
	nodes := {service_node(services[i], port.number) |
		some i in indices
		some port in services[i].ports
		target in {port.target, port.name}
	}
} else := resolve(namespace, name, target)
