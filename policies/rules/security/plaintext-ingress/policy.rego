# METADATA
# title: Plaintext ingress
# description: |
#   The site answers in clear: whoever is on the way reads and changes what goes over the line, sessions and passwords
#   included.
# custom:
#   profile: prod
#   remediation: |
#     Give the Ingress a tls entry for the host (or certificate-arn, HTTPS and ssl-redirect on an ALB), and redirect
#     what comes in clear.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/ingress/#tls
#   - ref: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
package rules.security["plaintext-ingress"]

import data.lib.kubernetes
import data.lib.result

warn contains result.at(ingress, ["spec", "tls"], "the site is served in clear: there is no certificate") if {
	some ingress in ingresses
	not has_certificate(ingress)
}

warn contains result.at(ingress, ["spec", "rules", i, "host"], message) if {
	some ingress in ingresses
	entries := kubernetes.list(ingress, ["spec", "tls"])
	count(entries) > 0
	not is_by_annotation(ingress)
	some i, rule in kubernetes.list(ingress, ["spec", "rules"])
	host := kubernetes.text(rule, ["host"])
	host != ""
	not is_covered(host, entries)
	message := sprintf("%s is served in clear: no tls entry names it", [host])
}

warn contains result.at(ingress, ["metadata", "annotations", annotation], message) if {
	some ingress in ingresses
	has_certificate(ingress)
	some annotation in unredirected(ingress)
	message := "the site answers in clear beside TLS: nothing redirects"
}

warn contains result.at(gateway, ["spec", "listeners", 0, "protocol"], "the gateway listens in clear alone") if {
	some gateway in kubernetes.objects
	kubernetes.kind(gateway) == "Gateway"
	kubernetes.group(gateway) == "gateway.networking.k8s.io"
	protocols := [kubernetes.text(listener, ["protocol"]) |
		some listener in kubernetes.list(gateway, ["spec", "listeners"])
	]
	count(protocols) > 0
	every protocol in protocols {
		protocol == "HTTP"
	}
}

ingresses := [ingress |
	some ingress in kubernetes.objects
	kubernetes.kind(ingress) == "Ingress"
	kubernetes.group(ingress) in {"extensions", "networking.k8s.io"}
]

has_certificate(ingress) if count(kubernetes.list(ingress, ["spec", "tls"])) > 0

has_certificate(ingress) if is_by_annotation(ingress)

is_by_annotation(ingress) if {
	some annotation in certificates
	kubernetes.text(ingress, ["metadata", "annotations", annotation]) != ""
}

is_by_annotation(ingress) if contains(ports_of_alb(ingress), "HTTPS")

is_by_annotation(ingress) if {
	kubernetes.text(ingress, ["metadata", "annotations", "traefik.ingress.kubernetes.io/router.tls"]) == "true"
}

certificates := {
	"alb.ingress.kubernetes.io/certificate-arn", "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
	"ingress.gcp.kubernetes.io/pre-shared-cert", "networking.gke.io/managed-certificates",
}

ports_of_alb(ingress) := kubernetes.text(ingress, [
	"metadata",
	"annotations",
	"alb.ingress.kubernetes.io/listen-ports",
])

is_covered(_, entries) if {
	some entry in entries
	count(kubernetes.list(entry, ["hosts"])) == 0
}

is_covered(host, entries) if {
	some entry in entries
	some name in kubernetes.list(entry, ["hosts"])
	name in {host, concat(".", array.concat(["*"], array.slice(split(host, "."), 1, 9)))}
}

unredirected(ingress) := {"alb.ingress.kubernetes.io/listen-ports"} if {
	regex.match(`"HTTP"`, ports_of_alb(ingress))
	kubernetes.text(ingress, ["metadata", "annotations", "alb.ingress.kubernetes.io/ssl-redirect"]) == ""
} else := {"nginx.ingress.kubernetes.io/ssl-redirect"} if {
	kubernetes.text(ingress, ["metadata", "annotations", "nginx.ingress.kubernetes.io/ssl-redirect"]) == "false"
	kubernetes.text(ingress, ["metadata", "annotations", "nginx.ingress.kubernetes.io/force-ssl-redirect"]) != "true"
}
