# METADATA
# title: Accounts
# description: ServiceAccounts and what is granted to them.
package lib.accounts

import data.lib.kubernetes

# METADATA
# description: The account a pod runs as, as namespace and name.
of_pod(pod) := [kubernetes.namespace(pod.object), name] if {
	some field in ["serviceAccountName", "serviceAccount"]
	name := kubernetes.text(pod.spec, [field])
	name != ""
} else := [kubernetes.namespace(pod.object), "default"]

# METADATA
# description: The ServiceAccounts among the objects, and whether each mounts its token unless a pod says otherwise.
written := {[kubernetes.namespace(account), kubernetes.name(account)]: mounts |
	some account in kubernetes.objects
	kubernetes.kind(account) == "ServiceAccount"
	kubernetes.group(account) == ""
	mounts := kubernetes.value(account, ["automountServiceAccountToken"], true)
}

# METADATA
# description: The accounts that a binding among the objects gives rights to.
bound contains [namespace, kubernetes.text(subject, ["name"])] if {
	some binding in kubernetes.objects
	some subject in kubernetes.list(binding, ["subjects"])
	kubernetes.text(subject, ["kind"]) == "ServiceAccount"
	namespace := kubernetes.value(subject, ["namespace"], kubernetes.namespace(binding))
}

# METADATA
# description: The rules of every Role and ClusterRole, with their `object` and `path`.
rules := [{"object": role, "path": ["rules", i], "rule": given} |
	some role in kubernetes.objects
	kubernetes.group(role) == "rbac.authorization.k8s.io"
	some i, given in kubernetes.list(role, ["rules"])
]
