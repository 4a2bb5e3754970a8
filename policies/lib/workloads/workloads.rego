# METADATA
# title: What asks a node for resources
# description: Containers of every pod, steps of workflows, and the pods that operators make of custom resources.
package lib.workloads

import data.lib.kubernetes

# METADATA
# description: |
#   Everything that runs on a node: `object`, the `path` of its resources, its own `requests` and `limits`, the
#   `pod_limits` around it and a `label` for messages.
consumers := array.concat(
	array.concat([consumer | some pod in kubernetes.pods; some consumer in in_pod(pod)], beside_operated),
	[consumer | some manifest in kubernetes.objects; some consumer in operated(manifest)],
)

in_pod(pod) := [in_container(pod, described) | some described in kubernetes.containers(pod)]

in_container(pod, described) := consumed(pod.object, path, resources, described.label, pod_limits) if {
	path := array.concat(described.path, ["resources"])
	resources := kubernetes.map(described.container, ["resources"])
	pod_limits := kubernetes.map(pod.spec, ["resources", "limits"])
}

consumed(manifest, path, resources, label, pod_limits) := {
	"object": manifest,
	"path": path,
	"label": label,
	"requests": kubernetes.map(resources, ["requests"]),
	"limits": kubernetes.map(resources, ["limits"]),
	"pod_limits": pod_limits,
}

operated(manifest) := pooler(manifest) if {
	manifest.kind == "Pooler"
	kubernetes.group(manifest) in kubernetes.cnpg_groups
} else := steps(manifest) if {
	kubernetes.kind(manifest) in workflows[kubernetes.group(manifest)]
} else := [consumed(manifest, path, resources, label, {}) |
	some [field, own] in fields[kubernetes.group(manifest)][kubernetes.kind(manifest)]
	some [place, part] in parts_at(manifest, field)
	path := array.concat(place, own)
	resources := kubernetes.map(part, own)
	label := sprintf("%s %s", [manifest.kind, kubernetes.name(manifest)])
]

# Where operators take the resources of what they run from: a field, or the field of each item of a list. Operators that
# have defaults of their own are left out.
fields := {
	"barmancloud.cnpg.io": {"ObjectStore": [[[], ["spec", "instanceSidecarConfiguration", "resources"]]]},
	"k8s.mariadb.com": {"MariaDB": whole, "MaxScale": whole},
	"kafka.strimzi.io": {"KafkaBridge": whole, "KafkaConnect": whole, "KafkaMirrorMaker2": whole, "KafkaNodePool": whole},
	"monitoring.coreos.com": {"Alertmanager": whole, "Prometheus": whole, "PrometheusAgent": whole, "ThanosRuler": whole},
	"opentelemetry.io": {"OpenTelemetryCollector": whole},
	"pgv2.percona.com": {"PerconaPGCluster": instances},
	"postgres-operator.crunchydata.com": {"PostgresCluster": instances},
	"postgresql.cnpg.io": {"Cluster": whole},
	"postgresql.k8s.enterprisedb.io": {"Cluster": whole},
	"psmdb.percona.com": {"PerconaServerMongoDB": [[["spec", "replsets"], ["resources"]]]},
	"pxc.percona.com": {"PerconaXtraDBCluster": [
		[["spec", "haproxy"], ["resources"]],
		[["spec", "proxysql"], ["resources"]],
		[["spec", "pxc"], ["resources"]],
	]},
	"redis.redis.opstreelabs.in": {"Redis": redis, "RedisCluster": redis, "RedisReplication": redis},
}

whole := [[[], ["spec", "resources"]]]

instances := [[["spec", "instances"], ["resources"]]]

redis := [[[], ["spec", "kubernetesConfig", "resources"]]]

parts_at(manifest, field) := [[[], manifest]] if {
	field == []
} else := [[field, part] | kubernetes.value(part, ["enabled"], true)] if {
	part := kubernetes.map(manifest, field)
	count(part) > 0
} else := [[array.concat(field, [i]), part] | some i, part in kubernetes.list(manifest, field)]

workflows := {
	"argoproj.io": {"ClusterWorkflowTemplate", "CronWorkflow", "Workflow", "WorkflowTemplate"},
	"tekton.dev": {"ClusterTask", "Pipeline", "PipelineRun", "Task", "TaskRun"},
}

# A template of Argo's holds one container under a name of its own, a task of Tekton's a list of steps.
steps(manifest) := [consumed(manifest, array.concat(path, [field]), resources, label, {}) |
	walk(kubernetes.map(manifest, ["spec"]), [inner, container])
	kubernetes.text(container, ["image"]) != ""
	path := array.concat(["spec"], inner)
	some step in path
	step in {"container", "containerSet", "initContainers", "script", "sidecars", "steps"}
	field := resources_field[kubernetes.group(manifest)]
	resources := kubernetes.map(container, [field])
	label := sprintf("%s %s", [manifest.kind, kubernetes.name(manifest)])
]

resources_field := {"argoproj.io": "resources", "tekton.dev": "computeResources"}

# Containers that the Prometheus operator sets beside its own. Those without an image are patches over its own.
beside_operated := [consumer |
	some manifest in kubernetes.objects
	kubernetes.group(manifest) == "monitoring.coreos.com"

	# The resources beside the containers are those of the operator's own one.
	spec := object.remove(kubernetes.map(manifest, ["spec"]), ["resources"])
	pod := {"object": manifest, "path": ["spec"], "spec": spec}
	some described in kubernetes.containers(pod)
	kubernetes.text(described.container, ["image"]) != ""
	consumer := in_container(pod, described)
]

# The operator adds the container pgbouncer to whatever the template holds.
pooler(manifest) := array.concat(in_pod(pod), missing) if {
	pod := {
		"object": manifest,
		"path": ["spec", "template", "spec"],
		"spec": kubernetes.map(manifest, ["spec", "template", "spec"]),
	}
	pod_limits := kubernetes.map(pod.spec, ["resources", "limits"])
	missing := [consumed(manifest, ["spec", "template", "spec", "containers"], {}, "container pgbouncer", pod_limits) |
		not "pgbouncer" in container_names(pod)
	]
}

container_names(pod) := {kubernetes.text(container, ["name"]) |
	some container in kubernetes.list(pod.spec, ["containers"])
}

# METADATA
# description: |
#   The limit that holds for a consumer: its own, else its pod's, else what a LimitRange of its namespace gives, or
#   null.
limit_of(consumer, resource) := consumer.limits[resource] if {
	consumer.limits[resource] != null
} else := consumer.pod_limits[resource] if {
	consumer.pod_limits[resource] != null
} else := given if {
	given := default_limits[kubernetes.namespace(consumer.object)][resource]
} else := null

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
