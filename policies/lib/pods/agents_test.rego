package lib.pods_test

import data.lib.pods

agent(context) := {
	"object": {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "node-exporter"}},
	"path": ["spec", "template", "spec"],
	"spec": {"containers": [{"name": "a", "image": "quay.io/prometheus/node-exporter:v1.9.1", "securityContext": context}]},
}

test_an_agent_that_is_privileged_is_none if {
	pods.is_agent(agent({"privileged": false}))
	not pods.is_agent(agent({"privileged": true}))
}
