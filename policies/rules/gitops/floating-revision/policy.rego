# METADATA
# title: Floating revision
# description: |
#   What is deployed is decided elsewhere, at a time of its own: a chart's next version, or whatever the repository's
#   default branch is.
# custom:
#   remediation: |
#     Name a branch, tag or commit for git, and an exact version for a chart.
# related_resources:
#   - ref: https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/
package rules.gitops["floating-revision"]

import data.lib.kubernetes
import data.lib.result

warn contains result.at(application, array.concat(path, ["targetRevision"]), message) if {
	some application in kubernetes.objects
	path := sources[kubernetes.kind(application)]
	some message in problems(kubernetes.map(application, path))
}

warn contains result.at(application, array.concat(path, [i, "targetRevision"]), message) if {
	some application in kubernetes.objects
	path := lists[kubernetes.kind(application)]
	some i, source in kubernetes.list(application, path)
	some message in problems(source)
}

sources := {"Application": ["spec", "source"], "ApplicationSet": ["spec", "template", "spec", "source"]}

lists := {"Application": ["spec", "sources"], "ApplicationSet": ["spec", "template", "spec", "sources"]}

problems(source) := {"a chart without an exact version is whatever is newest that day"} if {
	kubernetes.text(source, ["chart"]) != ""
	regex.match(`[*^~<>|=xX ]|^$|^HEAD$`, kubernetes.text(source, ["targetRevision"]))
} else := {"HEAD is whatever the repository's default branch is"} if {
	kubernetes.text(source, ["repoURL"]) != ""
	kubernetes.text(source, ["targetRevision"]) in {"", "HEAD"}
} else := set()
