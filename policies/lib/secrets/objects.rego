# METADATA
# title: Secrets that are written out
# description: |
#   What is found says `what` it is and at which `level`, `secret` or `placeholder`; its `value` only serves to see the
#   same secret in a source and in the render, and leaves this package never.
package lib.secrets

import data.lib.kubernetes
import data.lib.text

# METADATA
# description: |
#   The secrets that one object writes out, as sets by path. A more telling description of a field replaces another.
in_object(manifest, is_config) := object.union_n([
	{path: found | some [path, value] in leaves; found := in_leaf(manifest, is_config, path, value); count(found) > 0},
	{path: found | some [path, value] in leaves; found := in_command(manifest, path, value); count(found) > 0},
	{path: found | some [path, value] in leaves; found := in_pair(manifest, path, value); count(found) > 0},
	of_secret(manifest),
]) if {
	is_object(manifest)
	kubernetes.kind(manifest) != "CustomResourceDefinition"
	leaves := [leaf | some leaf in leaves_of(manifest); is_worth_a_look(leaf)]
} else := {}

leaves_of(manifest) := array.concat(
	[[path, value] |
		walk(manifest, [path, value]) # regal ignore:walk-no-path
		is_string(value)
	],
	[[path, sprintf("%v", [value])] |
		walk(manifest, [path, value])
		is_number(value)
		regex.match(`(?i)pass|pwd`, sprintf("%v", [path[count(path) - 1]]))
	],
)

# One look that most fields do not pass, before many. In a command line a neighbour may hold what tells.
is_worth_a_look([_, value]) if text.is_telling(value)

is_worth_a_look([path, _]) if text.is_telling(path[count(path) - 1])

is_worth_a_look([path, _]) if path[count(path) - 1] == "value"

is_worth_a_look([path, _]) if path[count(path) - 2] in {"args", "command"}

# METADATA
# description: The one of several that speaks for its field, a real secret before a placeholder.
best(found) := chosen if {
	[_, _, chosen] := min({[rank[one.level], one.what, one] | some one in found})
}

rank := {"secret": 0, "placeholder": 1}

# A Secret: everything in it is one, except what plainly is not.
of_secret(manifest) := {[field, key]: {found} |
	some field in ["data", "stringData"]
	some key, given in kubernetes.map(manifest, [field])
	value := content(field, given)
	level := text.verdict(key, value)
	not is_public(key, value)
	found := {"what": sprintf("the key %s of a Secret", [key]), "value": value, "level": level}
} if {
	kubernetes.kind(manifest) == "Secret"
	kubernetes.group(manifest) == ""
} else := {}

content("stringData", value) := value if is_string(value)

content("data", value) := base64.decode(value) if {
	is_string(value)
	base64.is_valid(value)
}

content("data", value) := value if {
	is_string(value)
	not base64.is_valid(value)
}

# What Secrets hold beside secrets: names, addresses, public certificates; unless a secret hides in it.
is_public(key, value) if {
	regex.match(public_keys, text.words(key))
	count(text.secrets(value)) == 0
}

is_public(key, value) if {
	endswith(key, ".crt")
	not contains(value, "PRIVATE KEY")
}

is_public(key, value) if {
	endswith(key, "dockerconfigjson")
	count(text.secrets(value)) == 0
}

public_keys := concat("", [
	`^(?:ca|cert|db|enable_oci|insecure|issuer|name|project|server|type|uri|url)$`,
	`|(?:^|_)(?:account_name|database|db_?name|email|endpoint|host|host_?name|namespace|port|region|user|user_?name)$`,
	`|(?:^|_)(?:postgres|mysql)_db$|accountname$|^pg(?:host|port|user|database|sslmode|appname)$`,
])

# Lists of names and values: environment variables, Helm parameters, headers.
in_pair(manifest, path, value) := in_variable(name, value) | text.secrets(value) if {
	path[count(path) - 1] == "value"
	pair := object.get(manifest, array.slice(path, 0, count(path) - 1), {})
	name := concat("", [kubernetes.text(pair, ["name"]), kubernetes.text(pair, ["key"])])
} else := set()

in_variable(name, value) := {named(name, value, level)} if {
	text.is_wide_name(name)
	not is_name_of_secret(name, value)
	level := text.verdict(name, value)
} else := {{"what": "the authorization of a request", "value": value, "level": "secret"}} if {
	regex.match(`^(?i)(?:proxy-)?authorization$`, name)
	regex.match(`^(?i)(?:basic|bearer|token)\s`, value)
	not text.is_reference(value)
} else := set()

named(name, value, level) := {"what": sprintf("the value of %s", [name]), "value": value, "level": level}

# `TLS_SECRET: asky-tls` names a Secret that others name too.
is_name_of_secret(name, value) if {
	not text.is_strict_name(name)
	value in names_of_secrets
}

# Command lines are lists: a flag and its value may be neighbours.
in_command(manifest, path, word) := {one |
	some one in text.secrets(concat(" ", [other | some other in words; is_string(other)]))
	contains(word, one.value)
	last_with(words, one.value) == path[count(path) - 1]
} if {
	path[count(path) - 2] in {"args", "command"}
	words := kubernetes.list(manifest, array.slice(path, 0, count(path) - 1))
} else := set()

last_with(words, value) := max([i | some i, word in words; is_string(word); contains(word, value)])

# Every other string: by its key, and by what it holds.
in_leaf(manifest, is_config, path, value) := set() if {
	is_elsewhere(manifest, path)
} else := (by_key(manifest, is_config, path, value) | text.secrets(value)) | nested(value)

is_elsewhere(_, path) if {
	some step in path
	step in {"encryptedData", "secretKeyRef", "configMapKeyRef", "remoteRef", "managedFields", "sops"}
}

is_elsewhere(_, path) if path[0] == "status"

is_elsewhere(manifest, path) if {
	path[0] in {"data", "stringData"}
	kubernetes.kind(manifest) == "Secret"
}

by_key(manifest, is_config, path, value) := {named(key, value, level)} if {
	key := path[count(path) - 1]
	is_string(key)
	not contains(value, "\n")
	holds_secret(manifest, is_config, path, key)
	not is_name_of_secret(key, value)
	not is_key_of_secret(manifest, path)
	not is_address_in_annotation(path, value)
	level := text.verdict(key, value)
} else := set()

is_address_in_annotation(path, value) if {
	"annotations" in path
	text.is_address(value)
}

# `passwordSecret: {secretName: db, password: key}` names a key of that Secret.
is_key_of_secret(manifest, path) if {
	is_secretish(path[count(path) - 2])
	around := object.get(manifest, array.slice(path, 0, count(path) - 1), {})
	kubernetes.text(around, ["secretName"]) != ""
}

holds_secret(_, _, path, key) if {
	text.is_strict_name(key)
	not "annotations" in path
}

# Annotations also tell agents where secrets are kept.
holds_secret(_, _, path, key) if {
	text.is_strict_name(key)
	"annotations" in path
	not regex.match(`(?i)vault|conjur|secret|akeyless|doppler|infisical`, key)
}

holds_secret(manifest, is_config, path, key) if {
	text.is_wide_name(key)
	is_configuration(manifest, is_config, path)
}

is_configuration(_, true, _) := true

is_configuration(manifest, _, ["data", _]) if kubernetes.kind(manifest) == "ConfigMap"

is_configuration(_, _, path) if {
	some step in path
	step in configuration_fields
}

is_configuration(_, _, path) if {
	some i, step in path
	step == "template"
	path[i + 1] == "data"
}

configuration_fields := {
	"connectionParameters", "env", "envVars", "environment", "extraEnv", "extraEnvVars", "stringData", "values",
	"valuesInline", "valuesObject",
}

# A Secret as a text: what kubectl leaves in an annotation, a manifest in a ConfigMap.
nested(value) := {one |
	some part in split(value, "\n---")
	yaml.is_valid(part)
	some found in of_secret(yaml.unmarshal(part))
	some one in found
} if {
	regex.match(`kind["']?\s*:\s*["']?Secret\b`, value)
} else := set()

# The Secrets that are named somewhere, or made by an operator or controller.
names_of_secrets := ({kubernetes.name(named) |
	some named in kubernetes.objects
	kubernetes.kind(named) in {"ExternalSecret", "SealedSecret", "Secret"}
} | {value |
	some referring in kubernetes.objects
	some [path, value] in leaves_of(referring)
	refers_to_secret(path)
}) | {concat("", [kubernetes.name(cluster), suffix]) |
	some cluster in kubernetes.objects
	kubernetes.kind(cluster) == "Cluster"
	kubernetes.group(cluster) in kubernetes.cnpg_groups
	some suffix in ["-app", "-superuser", "-ca", "-server", "-replication", "-pooler"]
}

refers_to_secret(path) if path[count(path) - 1] == "secretName"

refers_to_secret(path) if {
	path[count(path) - 1] == "name"
	is_secretish(path[count(path) - 2])
}

refers_to_secret(["spec", "target", "name"]) := true

is_secretish(key) if {
	is_string(key)
	contains(lower(key), "secret")
}
