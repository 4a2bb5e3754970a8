# METADATA
# title: Unsafe sysctl
# description: |
#   A kernel setting that is not known to stay inside the pod changes the node for everybody on it.
# custom:
#   since: "0.1"
#   podSecurity: baseline
#   remediation: |
#     Remove it; set it on the nodes when they need it.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
package rules.security["unsafe-sysctl"]

import data.lib.kubernetes
import data.lib.pods
import data.lib.result

deny contains result.at(one.pod.object, array.concat(one.path, ["sysctls", i, "name"]), message) if {
	some one in pods.contexts
	some i, sysctl in kubernetes.list(one.context, ["sysctls"])
	name := kubernetes.text(sysctl, ["name"])
	not is_safe(name)
	message := sprintf("the pod sets %s, which is not safe on Kubernetes 1.%d", [name, kubernetes.oldest])
}

is_safe(name) if safe_since[name] <= kubernetes.oldest

# The minor version that first took each for safe; 0 is from the beginning.
safe_since := {
	"kernel.shm_rmid_forced": 0,
	"net.ipv4.ip_local_port_range": 0,
	"net.ipv4.ip_local_reserved_ports": 27,
	"net.ipv4.ip_unprivileged_port_start": 0,
	"net.ipv4.ping_group_range": 0,
	"net.ipv4.tcp_fin_timeout": 29,
	"net.ipv4.tcp_keepalive_intvl": 29,
	"net.ipv4.tcp_keepalive_probes": 29,
	"net.ipv4.tcp_keepalive_time": 29,
	"net.ipv4.tcp_notsent_lowat": 37,
	"net.ipv4.tcp_rmem": 32,
	"net.ipv4.tcp_slow_start_after_idle": 37,
	"net.ipv4.tcp_syncookies": 0,
	"net.ipv4.tcp_wmem": 32,
}
