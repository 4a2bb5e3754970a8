# METADATA
# title: How many pods there are
# description: The workloads that serve, their number of pods, and what guards them; gathered once for all rules.
package lib.scale

import data.lib.graph.nodes
import data.lib.kubernetes

# METADATA
# description: |
#   The Deployments and StatefulSets that a Service sends traffic to: each with its `object`, its `pod`, whether it is a
#   database (`is_data`), and the number of its pods, `replicas` at least; an autoscaler's minimum counts.
served := [workload |
	some i in served_indices
	pod := kubernetes.pods[i]
	kubernetes.kind(pod.object) in {"Deployment", "StatefulSet"}
	workload := {
		"object": pod.object,
		"pod": pod,
		"index": i,
		"is_data": is_data(nodes.pods[i]),
		"replicas": replicas(pod.object),
	}
]

# METADATA
# description: The pods that a Service selects, as indices into `nodes.pods`, which begin as `kubernetes.pods`.
served_indices := {i |
	some service in nodes.services
	some port in service.ports
	not is_for_metrics(port)
	some i in nodes.selected(service)
}

# METADATA
# scope: document
# description: A Service's port is for scraping, which is nobody's request.
is_for_metrics(port) if nodes.is_metrics_port(port.name)

is_for_metrics(port) if nodes.is_metrics_port(port.target)

default is_data(_) := false

is_data(pod) if {
	some container in pod.containers
	container.class in {"database", "pooler"}
}

replicas(workload) := object.get(autoscaled, [target(workload)], written(workload))

written(workload) := number if {
	number := kubernetes.value(workload, ["spec", "replicas"], 1)
	is_number(number)
} else := 1

target(workload) := [kubernetes.namespace(workload), kubernetes.kind(workload), kubernetes.name(workload)]

# METADATA
# description: The least number of pods that an autoscaler keeps, by namespace, kind and name.
autoscaled := {key: max(said) | some key, said in minima}

minima[[kubernetes.namespace(scaler), kind, name]] contains least if {
	some scaler in kubernetes.objects
	reference := scaler.spec.scaleTargetRef
	kind := kubernetes.value(reference, ["kind"], "Deployment")
	name := kubernetes.text(reference, ["name"])
	least := kubernetes.value(scaler, ["spec", "minReplicas"], kubernetes.value(scaler, ["spec", "minReplicaCount"], 1))
	is_number(least)
}

# METADATA
# description: The PodDisruptionBudgets, and the indices of the pods each one guards.
budgets := [{"object": budget, "guards": guarded_by(budget)} |
	some budget in kubernetes.objects
	kubernetes.kind(budget) == "PodDisruptionBudget"
]

guarded_by(budget) := nodes.selected_by(kubernetes.map(budget, ["spec", "selector"]), kubernetes.namespace(budget))

# METADATA
# description: The Clusters of CloudNativePG and of EDB's edition of it.
clusters := [custom |
	some custom in kubernetes.objects
	kubernetes.kind(custom) == "Cluster"
	kubernetes.group(custom) in kubernetes.cnpg_groups
]
