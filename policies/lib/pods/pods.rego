# METADATA
# title: Pods
# description: The containers of every pod and the places where security contexts stand, gathered once for all rules.
package lib.pods

import data.lib.kubernetes

# METADATA
# description: Every container of every pod, ephemeral ones too, each with its `pod`, `path` and `label`.
containers := [object.union(described, {"pod": pod}) |
	some pod in kubernetes.pods
	some described in array.concat(kubernetes.containers(pod), ephemeral(pod))
]

ephemeral(pod) := [described |
	some i, container in kubernetes.list(pod.spec, ["ephemeralContainers"])
	described := {
		"container": container,
		"role": "ephemeral container",
		"path": array.concat(pod.path, ["ephemeralContainers", i]),
		"label": sprintf("ephemeral container %s", [kubernetes.container_name(container, i)]),
	}
]

# METADATA
# description: |
#   Every security context, a pod's own or a container's: its `context` (empty when there is none), `path`, `pod` and a
#   `label` for messages.
contexts := array.concat(
	[{"context": context, "path": array.concat(pod.path, ["securityContext"]), "pod": pod, "label": "the pod"} |
		some pod in kubernetes.pods
		context := kubernetes.map(pod.spec, ["securityContext"])
	],
	[{"context": context, "path": array.concat(one.path, ["securityContext"]), "pod": one.pod, "label": one.label} |
		some one in containers
		context := kubernetes.map(one.container, ["securityContext"])
	],
)

# METADATA
# description: A field of a container's own security context, or null.
own(described, field) := kubernetes.value(described.container, ["securityContext", field], null)

# METADATA
# description: A field of a pod's security context, or null.
common(pod, field) := kubernetes.value(pod.spec, ["securityContext", field], null)

# METADATA
# description: The pod says that it runs on Windows, where Linux's controls do not exist.
is_windows(pod) if kubernetes.text(pod.spec, ["os", "name"]) == "windows"

# METADATA
# description: Root in the pod is nobody on the node.
has_own_users(pod) if {
	pod.spec.hostUsers == false
	kubernetes.oldest >= 35
}

# METADATA
# description: The containers of a pod, ephemeral ones too.
of_pod(pod) := array.concat(kubernetes.containers(pod), ephemeral(pod))
