# METADATA
# title: Snippet annotation
# description: |
#   A snippet is configuration of the shared ingress controller: whoever writes one reads every other site's traffic
#   and the controller's Secrets.
# custom:
#   remediation: |
#     Use the annotation made for the purpose, or configure the controller itself; keep allow-snippet-annotations off.
# related_resources:
#   - ref: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#allow-snippet-annotations
#   - ref: https://github.com/kubernetes/ingress-nginx/issues/7837
package rules.security["snippet-annotation"]

import data.lib.kubernetes
import data.lib.result

warn contains result.at(ingress, ["metadata", "annotations", key], message) if {
	some ingress in kubernetes.objects
	kubernetes.kind(ingress) in {"Ingress", "VirtualServer"}
	some key, _ in kubernetes.annotations(ingress)
	contains(key, "snippet")
	regex.match(`^nginx\.(?:ingress\.kubernetes\.io|org|com)/`, key)
	message := sprintf("%s writes into the configuration that all sites share", [key])
}

warn contains result.at(config, ["data", "allow-snippet-annotations"], message) if {
	some config in kubernetes.objects
	config.data["allow-snippet-annotations"] == "true"
	message := "every Ingress of the cluster may write into the controller's configuration"
}
