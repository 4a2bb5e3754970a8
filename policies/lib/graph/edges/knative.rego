package lib.graph.edges

import data.lib.graph.nodes
import data.lib.kubernetes

# A Service of Knative's is public unless a label says otherwise.
# Source: https://knative.dev/docs/serving/services/private-services/
openings contains entrance(pod.object, ["metadata", "labels", visibility], to) if {
	some pod in kubernetes.pods
	kubernetes.group(pod.object) == "serving.knative.dev"
	kubernetes.kind(pod.object) == "Service"
	kubernetes.text(pod.object, ["metadata", "labels", visibility]) != "cluster-local"
	some described in kubernetes.lasting_containers(pod)
	listens_for_database(nodes.in_pod(pod, described.container))
	to := sprintf("Revision %s", [nodes.id(kubernetes.namespace(pod.object), kubernetes.name(pod.object))])
}

visibility := "networking.knative.dev/visibility"
