# METADATA
# title: References
# description: What is referred to by name, and who makes it; what a controller makes in the cluster is there, too.
package lib.references

import data.lib.graph.nodes
import data.lib.kubernetes

# METADATA
# description: |
#   The keys of every ConfigMap and Secret that is written or made, by kind, namespace and name. `*` among the keys
#   stands for those that cannot be known.
made := {key: keys |
	some key in {key | some [key, _] in makers}
	keys := {name | some [other, names] in makers; other == key; some name in names}
}

makers contains [[kind, kubernetes.namespace(written), kubernetes.name(written)], keys] if {
	some written in kubernetes.objects
	kind := kubernetes.kind(written)
	kind in {"ConfigMap", "Secret"}
	keys := {name |
		some field in ["binaryData", "data", "stringData"]
		some name, _ in kubernetes.map(written, [field])
	}
}

makers contains [["Secret", kubernetes.namespace(custom), name], keys] if {
	some custom in kubernetes.objects
	contains(kubernetes.group(custom), ".")
	some [name, keys] in secrets_of(custom)
}

# A certificate authority's bundle, a bucket, a user: both kinds, as their controllers please.
makers contains [[kind, kubernetes.namespace(custom), kubernetes.name(custom)], {"*"}] if {
	some custom in kubernetes.objects
	kubernetes.kind(custom) in {"Bundle", "KafkaUser", "ObjectBucketClaim", "OnePasswordItem"}
	some kind in ["ConfigMap", "Secret"]
}

secrets_of(custom) := external(custom) if {
	kubernetes.kind(custom) == "ExternalSecret"
} else := {[kubernetes.name(custom), (object.keys(kubernetes.map(custom, ["spec", "encryptedData"])) | templated)]} if {
	kubernetes.kind(custom) == "SealedSecret"
	templated := object.keys(kubernetes.map(custom, ["spec", "template", "data"]))
} else := {[kubernetes.text(custom, ["spec", "secretName"]), {"*", "ca.crt", "tls.crt", "tls.key"}]} if {
	kubernetes.kind(custom) == "Certificate"
} else := cluster_secrets(kubernetes.name(custom)) if {
	kubernetes.kind(custom) == "Cluster"
	kubernetes.group(custom) in kubernetes.cnpg_groups
} else := {[name, {"*"}] | some name in names_in(custom)} if {
	regex.match(`Secret|Issuer`, kubernetes.kind(custom))
} else := set()

# Whatever calls itself a Secret of another API names the one it makes somewhere.
names_in(custom) := {name |
	walk(custom, [path, name])
	path[count(path) - 1] in {"name", "secretName"}
}

cluster_secrets(name) := {
	[concat("", [name, "-app"]), {"*"}],
	[concat("", [name, "-ca"]), {"ca.crt", "ca.key"}],
	[concat("", [name, "-pooler"]), {"tls.crt", "tls.key"}],
	[concat("", [name, "-replication"]), {"tls.crt", "tls.key"}],
	[concat("", [name, "-server"]), {"tls.crt", "tls.key"}],
	[concat("", [name, "-superuser"]), {"*"}],
}

external(custom) := {[name, keys]} if {
	target := kubernetes.text(custom, ["spec", "target", "name"])
	name := [given | some given in [target, kubernetes.name(custom)]; given != ""][0]
	fetched := {kubernetes.text(entry, ["secretKey"]) | some entry in kubernetes.list(custom, ["spec", "data"])}
	whole := {"*" | count(kubernetes.list(custom, ["spec", "dataFrom"])) > 0}
	files := {"*" | count(kubernetes.list(custom, ["spec", "target", "template", "templateFrom"])) > 0}
	templated := object.keys(kubernetes.map(custom, ["spec", "target", "template", "data"])) | files
	keys := templated | {key | some key in (fetched | whole); keeps_fetched(custom, templated)}
}

keeps_fetched(_, templated) if count(templated) == 0

keeps_fetched(custom, _) if kubernetes.text(custom, ["spec", "target", "template", "mergePolicy"]) == "Merge"

# METADATA
# scope: document
# description: A name is made by a Job's script, by an operator, or by Kubernetes itself; its keys cannot be known.
is_made_otherwise(kind, _, name) if {
	kind == "ConfigMap"
	name in {"cnpg-default-monitoring", "istio-ca-root-cert", "kube-root-ca.crt", "openshift-service-ca.crt"}
}

is_made_otherwise(_, namespace, name) if name in scripted[namespace]

is_made_otherwise("Secret", namespace, name) if {
	some prefix in operators_of[namespace]
	contains(name, prefix)
}

operators_of := {namespace: names |
	some namespace in {kubernetes.namespace(custom) | some custom in foreign}
	names := {kubernetes.name(custom) | some custom in foreign; kubernetes.namespace(custom) == namespace}
}

# CloudNativePG's Secrets are known by name.
foreign := [custom |
	some custom in nodes.operated
	not kubernetes.group(custom) in kubernetes.cnpg_groups
	kubernetes.name(custom) != ""
]

# The words of Jobs that speak of Secrets or ConfigMaps.
scripted := {namespace: words |
	some namespace in {namespace | some [namespace, _] in scripts}
	words := {word |
		some [other, text] in scripts
		other == namespace
		some word in regex.split(`[^a-z0-9.-]+`, text)
	}
}

scripts contains [kubernetes.namespace(pod.object), text] if {
	some pod in kubernetes.pods
	kubernetes.kind(pod.object) in {"CronJob", "Job"}
	some described in kubernetes.containers(pod)
	some field in ["args", "command"]
	some text in kubernetes.list(described.container, [field])
	is_string(text)
	regex.match(`(?i)secret|configmap`, text)
}
