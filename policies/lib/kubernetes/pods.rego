package lib.kubernetes

# Where the built-in kinds keep their pod template.
template_paths := {
	"CronJob": ["spec", "jobTemplate", "spec", "template"],
	"DaemonSet": ["spec", "template"],
	"Deployment": ["spec", "template"],
	"Job": ["spec", "template"],
	"Pod": [],
	"PodTemplate": ["template"],
	"ReplicaSet": ["spec", "template"],
	"ReplicationController": ["spec", "template"],
	"StatefulSet": ["spec", "template"],
}

built_in_groups := {"", "apps", "batch", "extensions"}

# METADATA
# description: |
#   Every pod that an object of any kind describes: `object`, the `path` of its pod spec, the `spec` and the `labels`.
pods := [pod(manifest, path) |
	some manifest in objects
	some path in templates(manifest)
]

templates(manifest) := [path | path := template_paths[kind(manifest)]] if {
	group(manifest) in built_in_groups
} else := custom_templates(manifest)

# A custom resource may keep templates anywhere (Argo Rollouts, JobSet, Volcano, …). Only those that name an image are
# pods; the others are patches over a pod of the operator's own.
custom_templates(manifest) := [path |
	walk(manifest, [path, template])
	regex.match(`[tT]emplate$`, sprintf("%v", [path[count(path) - 1]]))
	names_image(template)
] if {
	not group(manifest) in groups_without_pods
} else := []

names_image(template) if {
	some container in list(template, ["spec", "containers"])
	text(container, ["image"]) != ""
}

groups_without_pods := {
	"", "admissionregistration.k8s.io", "apiextensions.k8s.io", "autoscaling", "discovery.k8s.io",
	"gateway.networking.k8s.io",
	"networking.k8s.io", "policy", "rbac.authorization.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
}

pod(manifest, path) := {
	"object": manifest,
	"path": array.concat(path, ["spec"]),
	"spec": map(manifest, array.concat(path, ["spec"])),
	"labels": map(manifest, array.concat(path, ["metadata", "labels"])),
}

container_lists := {"containers": "container", "initContainers": "init container"}

# METADATA
# description: The containers and init containers of a pod, each with its `role`, `path` and `label` for messages.
containers(pod) := [described |
	some field, role in container_lists
	some i, container in list(pod.spec, [field])
	described := {
		"container": container,
		"role": role,
		"path": array.concat(pod.path, [field, i]),
		"label": sprintf("%s %s", [role, container_name(container, i)]),
	}
]

container_name(container, i) := name if {
	name := text(container, ["name"])
	name != ""
} else := sprintf("%d", [i])

# METADATA
# description: The containers that run as long as the pod does, native sidecars among them.
lasting_containers(pod) := [described |
	some described in containers(pod)
	lasts(described)
]

lasts(described) if described.role == "container"

lasts(described) if text(described.container, ["restartPolicy"]) == "Always"
