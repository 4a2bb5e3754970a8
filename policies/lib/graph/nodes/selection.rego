package lib.graph.nodes

import data.lib.kubernetes

# Pods by label, in a namespace and anywhere, so that a selector looks at a few pods and never at all.
pods_with := {label: indices |
	some label in {pair[0] | some pair in labels_of_pods}
	indices := {pair[1] | some pair in labels_of_pods; pair[0] == label}
}

labels_of_pods := [[label_key(namespace, key, value), i] |
	some i, pod in pods
	some key, value in pod.labels
	some namespace in [pod.namespace, "*"]
]

label_key(namespace, key, value) := sprintf("%s/%s=%v", [namespace, key, value])

# The name of one pod of a StatefulSet or a cluster is its owner's and a number.
label_value(key, value) := regex.replace(sprintf("%v", [value]), `-[0-9]+$`, "") if {
	key in {"cnpg.io/instanceName", "statefulset.kubernetes.io/pod-name"}
} else := sprintf("%v", [value])

# METADATA
# description: The pods that a Service selects, as indices into `pods`.
selected(service) := selected_in(kubernetes.map(service.spec, ["selector"]), kubernetes.namespace(service.object))

# METADATA
# description: A Service selects pods, be it in a namespace that is not its own.
selects_somewhere(service) if count(selected_in(kubernetes.map(service.spec, ["selector"]), "*")) > 0

# METADATA
# description: |
#   The pods that a label selector selects in a namespace, or in any (`*`); an empty one selects all of them.
selected_by(selector, namespace) := {i |
	some i in candidates(kubernetes.map(selector, ["matchLabels"]), namespace)
	every expression in kubernetes.list(selector, ["matchExpressions"]) {
		fulfils(pods[i].labels, expression)
	}
}

candidates(labels, namespace) := selected_in(labels, namespace) if {
	count(labels) > 0
} else := object.get(pods_in, [namespace], set())

pods_in := {namespace: indices |
	some namespace in {pair[0] | some pair in namespaces_of_pods}
	indices := {pair[1] | some pair in namespaces_of_pods; pair[0] == namespace}
}

namespaces_of_pods := [[namespace, i] |
	some i, pod in pods
	some namespace in [pod.namespace, "*"]
]

fulfils(labels, expression) if {
	expression.operator == "In"
	labels[expression.key] in kubernetes.list(expression, ["values"])
}

fulfils(labels, expression) if {
	expression.operator == "NotIn"
	not object.get(labels, [kubernetes.text(expression, ["key"])], null) in kubernetes.list(expression, ["values"])
}

fulfils(labels, expression) if {
	expression.operator == "Exists"
	kubernetes.text(expression, ["key"]) in object.keys(labels)
}

fulfils(labels, expression) if {
	expression.operator == "DoesNotExist"
	not kubernetes.text(expression, ["key"]) in object.keys(labels)
}

selected_in(selector, namespace) := {i |
	[_, rarest] := min({[count(object.get(pods_with, [label], set())), label] |
		some key, value in selector
		label := label_key(namespace, key, label_value(key, value))
	})
	some i in pods_with[rarest]
	every key, value in selector {
		sprintf("%v", [pods[i].labels[key]]) == label_value(key, value)
	}
}

# METADATA
# description: |
#   The workloads that answer for a database when a Service sends traffic to a port of the pods it selects. Only a
#   container that listens on the port counts: an exporter beside a database is no database.
answering(indices, target) := {pods[i].node |
	some i in indices
	some container in pods[i].containers
	some port in container.ports
	port_is(port, target)
	opens(container, port)
} if {
	declared(indices, target)
} else := with_containers(indices) if {
	# No selected pod declares the port. It may still be listened on: by a database if it is a database's port, …
	is_database_port(target)
	not is_string(target)
} else := with_containers(indices) if {
	# … or if there is nothing but databases behind the Service.
	not is_string(target)
	not is_metrics_port(target)
	every i in indices {
		every container in pods[i].containers {
			container.class in data_classes
		}
	}
} else := set()

# A pod without containers listens on nothing.
with_containers(indices) := {pods[i].node | some i in indices; count(pods[i].containers) > 0}

data_classes := {"console", "database", "pooler", "proxy", "tunnel"}

declared(indices, target) if {
	some i in indices
	some container in pods[i].containers
	some port in container.ports
	port_is(port, target)
}

port_is(_, null) := true

port_is(port, target) if target in {port.name, port.number}

# METADATA
# scope: document
# description: A container answers for a database on one of its ports.
opens(container, port) if {
	container.class in data_classes
	not is_metrics_port(port.name)
	not is_metrics_port(port.number)
}

opens(_, port) if is_database_port(port.number)

opens(_, port) if is_database_port(port.name)
