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
	{path: in_leaf(manifest, is_config, path, value) |
		some [path, value] in leaves
		text.is_telling(sprintf("%v\n%s", [path[count(path) - 1], value]))
	},
	{array.concat(path, [i]): found |
		walk(manifest, [path, list])
		some i, found in in_command(list)
	},
	{path: found |
		some [path, value] in leaves
		path[count(path) - 1] == "value"
		found := in_pair(manifest, path, value)
		count(found) > 0
	},
	of_secret(manifest),
]) if {
	kubernetes.kind(manifest) != "CustomResourceDefinition"
	leaves := leaves_of(manifest)
}

# A number may be a password too.
leaves_of(manifest) := [[path, sprintf("%v", [value])] |
	walk(manifest, [path, value]) # regal ignore:walk-no-path
	type_name(value) in {"number", "string"}
]

# METADATA
# description: The one of several that speaks for its field, a real secret before a placeholder.
best(found) := chosen if {
	[_, _, chosen] := min({[rank[one.level], one.what, one] | some one in found})
}

rank := {"secret": 0, "placeholder": 1}

# A Secret: everything in it is one, except what plainly is not.
of_secret(manifest) := {[field, key]: {found} |
	some [[field, key], given] in leaves_of(manifest)
	is_string(key)
	value := content(field, given)
	level := text.verdict(key, value)
	not is_public(key, value)
	found := {"what": sprintf("the key %s of a Secret", [key]), "value": value, "level": level}
} if {
	kubernetes.kind(manifest) == "Secret"
} else := {}

content("stringData", value) := value

content("data", value) := base64.decode(value) if {
	base64.is_valid(value)
} else := value

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
	pair := object.get(manifest, array.slice(path, 0, count(path) - 1), {})
	name := concat("", [kubernetes.text(pair, ["name"]), kubernetes.text(pair, ["key"])])
}

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

# A list may be a command line: a flag and its value are neighbours there. It is read once, however long it is.
in_command(list) := {i: {one | some [at, one] in told; at == i} | some [i, _] in told} if {
	is_array(list)
	words := [word(one) | some one in list]
	told := {[last_with(words, one.value), one] | some one in text.secrets(concat(" ", words))}
}

word(value) := "" if {
	type_name(value) in {"array", "object"}
} else := sprintf("%v", [value])

last_with(words, value) := max([i | some i, word in words; contains(word, value)])

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
	holds_secret(is_config, path, key)
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

holds_secret(_, path, key) if {
	text.is_strict_name(key)
	not is_told_to_agent(path, key)
}

holds_secret(is_config, path, key) if {
	text.is_wide_name(key)
	is_configuration(is_config, path)
}

# Annotations also tell agents where secrets are kept.
is_told_to_agent(path, key) if {
	"annotations" in path
	regex.match(`(?i)vault|conjur|secret|akeyless|doppler|infisical`, key)
}

is_configuration(true, _) := true

# Of a ConfigMap, and of the template of what makes one.
is_configuration(_, path) if path[count(path) - 2] == "data"

is_configuration(_, path) if {
	some step in path
	step in configuration_fields
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
