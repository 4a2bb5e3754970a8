package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# A proxy passes on what its arguments and configuration name. An application that does the same is no way in, so only
# images known to be proxies are read.
ways contains [from, to] if {
	some proxy in relaying
	from := nodes.node(proxy.pod.object)
	some to in upstreams(proxy)
}

# A tunnel calls out to the internet and lets it in, without a Service or an Ingress.
openings contains opening(proxy.pod.object, array.concat(proxy.described.path, ["image"]), to) if {
	some proxy in relaying
	proxy.class == "tunnel"
	some to in upstreams(proxy)
}

relaying := [proxy |
	some pod in kubernetes.pods
	some described in kubernetes.lasting_containers(pod)
	class := nodes.class(described.container)
	class in {"pooler", "proxy", "tunnel"}
	proxy := {"pod": pod, "described": described, "class": class}
]

upstreams(proxy) := forwarded(proxy) | {to |
	some text in said_to(proxy)
	some to in nodes.mentioned(text, kubernetes.namespace(proxy.pod.object))
} if {
	proxy.class != "pooler"
} else := {to |
	some text in said_to(proxy)
	some to in nodes.named(text, kubernetes.namespace(proxy.pod.object))
}

# `kubectl port-forward svc/postgres 9000:5432` names its target in two words.
forwarded(proxy) := {to |
	container := proxy.described.container
	words := array.concat(kubernetes.list(container, ["command"]), kubernetes.list(container, ["args"]))
	line := concat(" ", [word | some word in words; is_string(word)])
	some [_, name, port] in regex.find_all_string_submatch_n(
		`\bport-forward\s.*\b(?:svc|services?)/([a-z0-9-]+)\s+(?:[0-9]*:)?([0-9]{1,5})\b`,
		line, -1,
	)
	some to in nodes.resolve(kubernetes.namespace(proxy.pod.object), name, to_number(port))
}

# Everything that configures a container: its command line, its environment and the ConfigMaps of its pod.
said_to(proxy) := ({text |
	container := proxy.described.container
	some text in array.concat(kubernetes.list(container, ["command"]), kubernetes.list(container, ["args"]))
	is_string(text)
} | {text |
	some variable in kubernetes.list(proxy.described.container, ["env"])
	text := kubernetes.text(variable, ["value"])
}) | {text |
	some name in configs_of(proxy)
	some text in configs[sprintf("%s/%s", [kubernetes.namespace(proxy.pod.object), name])]
}

configs_of(proxy) := {name |
	some volume in kubernetes.list(proxy.pod.spec, ["volumes"])
	some source in array.concat([volume], kubernetes.list(volume, ["projected", "sources"]))
	name := kubernetes.text(source, ["configMap", "name"])
} | {name |
	some from in kubernetes.list(proxy.described.container, ["envFrom"])
	name := kubernetes.text(from, ["configMapRef", "name"])
}

configs := {key: texts |
	some key in {pair[0] | some pair in texts_of_configs}
	texts := [text | some pair in texts_of_configs; pair[0] == key; some text in pair[1]]
}

texts_of_configs := [[key, texts] |
	some config in kubernetes.objects
	config.kind == "ConfigMap"
	key := sprintf("%s/%s", [kubernetes.namespace(config), kubernetes.name(config)])
	texts := [text | some text in kubernetes.map(config, ["data"]); is_string(text)]
]
