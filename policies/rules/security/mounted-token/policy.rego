# METADATA
# title: Mounted token
# description: |
#   A token of the API server lies in the pod although nothing grants its account a right: whoever breaks in may ask
#   the API server.
# custom:
#   remediation: |
#     Set automountServiceAccountToken: false on the pod (or on its ServiceAccount).
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting
#   - ref: https://kubernetes.io/docs/concepts/security/rbac-good-practices/
package rules.security["mounted-token"]

import data.lib.accounts
import data.lib.kubernetes
import data.lib.result

warn contains result.at(pod.object, array.concat(pod.path, [field]), message) if {
	some pod in kubernetes.pods
	account := accounts.of_pod(pod)
	mounts(pod, account)
	not account in accounts.bound
	is_known(account)
	message := sprintf("the token of the account %s lies in the pod, and no binding here gives it a right", [account[1]])
}

field := "automountServiceAccountToken"

mounts(pod, account) if kubernetes.value(pod.spec, [field], object.get(accounts.written, [account], true)) != false

# Another account may have its rights from elsewhere.
is_known([_, "default"])

is_known(account) if account in object.keys(accounts.written)
