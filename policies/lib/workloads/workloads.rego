# METADATA
# title: What asks a node for resources
# description: Containers of every pod, and the pods that CloudNativePG makes of its custom resources.
package lib.workloads

import data.lib.kubernetes

# METADATA
# description: |
#   Everything that runs on a node: `object`, the `path` of its resources, its own `limits`, the `pod_limits` around it
#   and a `label` for messages.
consumers := array.concat(
	[consumer | some pod in kubernetes.pods; some consumer in in_pod(pod)],
	[consumer | some manifest in kubernetes.objects; some consumer in operated(manifest)],
)

in_pod(pod) := [consumer |
	some described in kubernetes.containers(pod)
	consumer := {
		"object": pod.object,
		"path": array.concat(described.path, ["resources"]),
		"label": described.label,
		"limits": kubernetes.map(described.container, ["resources", "limits"]),
		"pod_limits": kubernetes.map(pod.spec, ["resources", "limits"]),
	}
]

operated(manifest) := [{
	"object": manifest,
	"path": ["spec", "resources"],
	"label": sprintf("%s %s", [manifest.kind, kubernetes.name(manifest)]),
	"limits": kubernetes.map(manifest, ["spec", "resources", "limits"]),
	"pod_limits": {},
}] if {
	manifest.kind == "Cluster"
	kubernetes.group(manifest) in kubernetes.cnpg_groups
} else := pooler(manifest) if {
	manifest.kind == "Pooler"
	kubernetes.group(manifest) in kubernetes.cnpg_groups
} else := []

# The operator adds the container pgbouncer to whatever the template holds.
pooler(manifest) := array.concat(in_pod(pod), missing) if {
	pod := {
		"object": manifest,
		"path": ["spec", "template", "spec"],
		"spec": kubernetes.map(manifest, ["spec", "template", "spec"]),
	}
	missing := [consumer |
		not "pgbouncer" in container_names(pod)
		consumer := {
			"object": manifest,
			"path": ["spec", "template", "spec", "containers"],
			"label": "container pgbouncer",
			"limits": {},
			"pod_limits": kubernetes.map(pod.spec, ["resources", "limits"]),
		}
	]
}

container_names(pod) := {kubernetes.text(container, ["name"]) |
	some container in kubernetes.list(pod.spec, ["containers"])
}

# METADATA
# description: The limits a LimitRange gives to containers that set none, by namespace and resource.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/policy/limit-range/
default_limits := {namespace: limits |
	some namespace in {offer.namespace | some offer in offers}
	offered := [offer | some offer in offers; offer.namespace == namespace]
	limits := {resource: quantity |
		some resource in {offer.resource | some offer in offered}
		quantity := min({offer.quantity | some offer in offered; offer.resource == resource})
	}
}

offers := [{"namespace": kubernetes.namespace(range), "resource": resource, "quantity": quantity} |
	some range in kubernetes.objects
	range.kind == "LimitRange"
	kubernetes.group(range) == ""
	some item in kubernetes.list(range, ["spec", "limits"])
	kubernetes.text(item, ["type"]) == "Container"

	# A maximum without a default is the default.
	some resource, quantity in object.union(kubernetes.map(item, ["max"]), kubernetes.map(item, ["default"]))
]
