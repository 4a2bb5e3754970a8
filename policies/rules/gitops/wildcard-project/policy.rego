# METADATA
# title: Wildcard project
# description: |
#   A project that allows any repository, any place or any kind is no fence: whoever writes an Application there owns
#   the cluster.
# custom:
#   remediation: |
#     List the repositories, the destinations and the kinds of the cluster's scope; give each stack a project of its
#     own.
# related_resources:
#   - ref: https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
package rules.gitops["wildcard-project"]

import data.lib.kubernetes
import data.lib.result

warn contains result.at(project, ["spec", "sourceRepos", i], "this project takes manifests from any repository") if {
	some project in of_kind("AppProject")
	some i, repository in kubernetes.list(project, ["spec", "sourceRepos"])
	repository == "*"
}

warn contains result.at(project, ["spec", "destinations", i], message) if {
	message := "this project writes into any namespace of any cluster"
	some project in of_kind("AppProject")
	some i, place in kubernetes.list(project, ["spec", "destinations"])
	kubernetes.text(place, ["namespace"]) == "*"
	"*" in {kubernetes.text(place, ["server"]), kubernetes.text(place, ["name"])}
}

warn contains result.at(project, ["spec", "clusterResourceWhitelist", i], message) if {
	some project in of_kind("AppProject")
	some i, permitted in kubernetes.list(project, ["spec", "clusterResourceWhitelist"])
	kubernetes.text(permitted, ["kind"]) == "*"
	message := "this project writes any kind of the cluster's scope, roles and webhooks included"
}

warn contains result.at(application, ["spec", "project"], "the project default allows everything") if {
	some application in of_kind("Application")
	kubernetes.text(application, ["spec", "project"]) in {"", "default"}
}

of_kind(kind) := [custom |
	some custom in kubernetes.objects
	kubernetes.kind(custom) == kind
	kubernetes.group(custom) == "argoproj.io"
]
