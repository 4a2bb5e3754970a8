package lib.secrets

import data.lib.kubernetes
import data.lib.text

# METADATA
# description: The secrets that one source document writes out, as sets by path.
in_source(source) := {[]: text.secrets(source.text)} if {
	is_string(source.text)
} else := of_kustomization(source.object) if {
	source.kind == "kustomization"
} else := of_patch(source.object) if {
	is_array(source.object)
} else := in_object(source.object, source.kind == "data")

of_kustomization(kustomization) := object.union_n([
	in_object(kustomization, false),
	generated(kustomization, "configMapGenerator"),
	generated(kustomization, "secretGenerator"),
	inline_patches(kustomization),
])

generated(kustomization, field) := {[field, i, "literals", j]: found |
	some i, generator in kubernetes.list(kustomization, [field])
	some j, literal in kubernetes.list(generator, ["literals"])
	[key, value] := key_and_value(literal)
	found := in_literal(field, key, value)
}

key_and_value(literal) := [key, value] if {
	some [_, key, raw] in regex.find_all_string_submatch_n(`^([^=]+)=((?s:.*))$`, literal, 1)
	value := text.unquoted(raw)
}

# As in the object the generator makes.
in_literal("secretGenerator", key, value) := {one |
	some found in of_secret({"kind": "Secret", "stringData": {key: value}})
	some one in found
}

in_literal("configMapGenerator", key, value) := in_variable(key, value) | text.secrets(value)

inline_patches(kustomization) := {path: found |
	some [path, written] in texts_of_patches(kustomization)
	found := {one |
		some part in split(written, "\n---")
		yaml.is_valid(part)
		some set in in_patch(yaml.unmarshal(part))
		some one in set
	}
	count(found) > 0
}

texts_of_patches(kustomization) := array.concat(
	[[[field, i, "patch"], written] |
		some field in ["patches", "patchesJson6902"]
		some i, patch in kubernetes.list(kustomization, [field])
		written := kubernetes.text(patch, ["patch"])
	],
	[[["patchesStrategicMerge", i], written] |
		some i, written in kubernetes.list(kustomization, ["patchesStrategicMerge"])
		is_string(written)
	],
)

in_patch(patch) := of_patch(patch) if {
	is_array(patch)
} else := in_object(patch, false)

# JSON Patch: the key is the end of the operation's path.
of_patch(operations) := object.union_n([found |
	some i, operation in operations
	key := regex.replace(kubernetes.text(operation, ["path"]), `^.*/`, "")
	found := in_operation(i, key, kubernetes.value(operation, ["value"], null))
])

in_operation(i, key, value) := {[i, "value"]: found} if {
	is_string(value)
	found := in_variable(key, value) | text.secrets(value)
} else := {array.concat([i], path): found |
	some path, found in in_object({"value": value}, true)
}
