package lib.pods

import data.lib.kubernetes

# What watches a node or collects its logs, by the image's own name.
agents := concat("", [
	`(?:^|/)(?:node[-_]exporter|cadvisor|smartctl[-_]exporter|node-problem-detector|fluent-?bit|fluentd|promtail|filebeat|vector`,
	`|alloy|datadog(?:hq)?/agent|cloudwatch-agent|opentelemetry-collector(?:-contrib|-k8s)?|otelcol(?:-contrib)?)(?:[:@]|$)`,
])

# METADATA
# description: |
#   A DaemonSet that looks at its node and changes nothing there: agents by their images, not privileged, every
#   volume of the node mounted read-only. Such a pod may see the node's files, processes, network and ports.
is_agent(pod) if {
	kubernetes.kind(pod.object) == "DaemonSet"
	every container in kubernetes.list(pod.spec, ["containers"]) {
		regex.match(agents, kubernetes.text(container, ["image"]))
	}
	every described in of_pod(pod) {
		own(described, "privileged") != true
	}
	every volume in kubernetes.list(pod.spec, ["volumes"]) {
		is_only_read(pod, volume)
	}
}

is_only_read(_, volume) if kubernetes.value(volume, ["hostPath"], null) == null

is_only_read(pod, volume) if {
	not endswith(kubernetes.text(volume, ["hostPath", "path"]), ".sock")
	name := kubernetes.text(volume, ["name"])
	every described in of_pod(pod) {
		every mount in kubernetes.list(described.container, ["volumeMounts"]) {
			is_other_or_read_only(mount, name)
		}
	}
}

is_other_or_read_only(mount, name) if kubernetes.text(mount, ["name"]) != name

is_other_or_read_only(mount, _) if kubernetes.value(mount, ["readOnly"], false) == true
