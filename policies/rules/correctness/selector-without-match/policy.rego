# METADATA
# title: Selector without match
# description: |
#   A selector that matches no pod does nothing: the Service has no endpoints, the policy or the budget guards nobody.
# custom:
#   remediation: |
#     Use the labels of the pod template.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
package rules.correctness["selector-without-match"]

import data.lib.graph.nodes
import data.lib.kubernetes
import data.lib.result

warn contains result.at(service.object, ["spec", "selector"], message) if {
	some service in nodes.services
	service.path == ["spec"]
	selector := kubernetes.map(service.spec, ["selector"])
	count(selector) > 0
	count(nodes.selected(service)) == 0
	is_inhabited(service.object)
	not is_an_operators(selector)
	message := sprintf("no pod of the namespace has the labels that Service %s selects", [
		kubernetes.name(service.object),
	])
}

warn contains result.at(manifest, path, message) if {
	some manifest in kubernetes.objects
	is_inhabited(manifest)
	path := selectors[concat("/", [kubernetes.group(manifest), kubernetes.kind(manifest)])]
	selector := kubernetes.map(manifest, path)
	not is_an_operators(kubernetes.map(selector, ["matchLabels"]))
	count(nodes.selected_by(selector, kubernetes.namespace(manifest))) == 0
	message := sprintf("%s %s selects no pod of its namespace", [kubernetes.kind(manifest), kubernetes.name(manifest)])
}

warn contains result.at(manifest, ["spec", "selector", "matchLabels", key], message) if {
	some manifest in kubernetes.objects
	kubernetes.kind(manifest) in {"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"}
	some key, value in kubernetes.map(manifest, ["spec", "selector", "matchLabels"])
	kubernetes.value(manifest, ["spec", "template", "metadata", "labels", key], null) != value
	message := sprintf("the template's pods have no label %s=%v: the API server refuses this", [key, value])
}

selectors := {
	"networking.k8s.io/NetworkPolicy": ["spec", "podSelector"],
	"policy/PodDisruptionBudget": ["spec", "selector"],
}

# Where no pod is judged, the pods come from elsewhere.
is_inhabited(manifest) if nodes.pods_in[kubernetes.namespace(manifest)]

# The Prometheus operator's pods have labels of their own making, among them one that names their resource.
is_an_operators(labels) if {
	some key in ["app", "app.kubernetes.io/name"]
	labels[key] in {"alertmanager", "prometheus", "prometheus-agent", "thanos-ruler"}
}

is_an_operators(labels) if {
	some key, value in labels
	[key, value] in labels_of_monitoring
}

# A step of a Rollout runs pods whose labels are others than the Rollout's.
is_an_operators(labels) if {
	some given in labels_of_experiments
	object.subset(given, labels)
}

is_an_operators(labels) if {
	some key, _ in labels
	regex.match(`^[a-z0-9.-]*(?:cnpg\.io|crunchydata\.com|stackgres\.io|strimzi\.io|elastic\.co)/`, key)
}

labels_of_monitoring contains [lower(kubernetes.kind(custom)), kubernetes.name(custom)] if {
	some custom in kubernetes.objects
	kubernetes.group(custom) == "monitoring.coreos.com"
}

labels_of_experiments contains kubernetes.map(template, ["metadata", "labels"]) if {
	some rollout in kubernetes.objects
	some step in kubernetes.list(rollout, ["spec", "strategy", "canary", "steps"])
	some template in kubernetes.list(step, ["experiment", "templates"])
}
