package rules.security["mounted-token_test"]

import data.rules.security["mounted-token"] as rule

pod(spec) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "auth", "namespace": "asky"}, "spec": spec}

found(path, message) := {
	"message": message,
	"path": array.concat(["spec"], path),
	"resource": {"apiVersion": "v1", "kind": "Pod", "namespace": "asky", "name": "auth"},
	"source": null,
	"trace": [],
}

test_the_account_is_named if {
	message := "the token of the account default lies in the pod, and no binding here gives it a right"
	rule.warn == {found(["automountServiceAccountToken"], message)} with input as {"items": [pod({"containers": []})]}
}
