# METADATA
# title: Exposed database
# description: |
#   The internet can reach a database: a load balancer, a node port, an ingress or a route leads to it, directly or
#   through Services, aliases, poolers and proxies. What guards the data is then one password.
# custom:
#   remediation: |
#     Remove what opens the way, and let only workloads of the cluster connect: a ClusterIP Service and a NetworkPolicy.
#     For a shell use `kubectl cnpg psql` or `kubectl port-forward`; for another network an internal load balancer.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
#   - ref: https://cloudnative-pg.io/documentation/current/service_management/
#   - ref: https://cheatsheetseries.owasp.org/cheatsheets/Database_Security_Cheat_Sheet.html
package rules.security["exposed-database"]

import data.lib.graph.paths
import data.lib.result

deny contains result.on(exposure.resource, exposure.path, "the internet can reach a database", exposure.trace) if {
	some exposure in paths.exposures
}
