# METADATA
# title: Kubernetes objects
# description: Typed access to what is judged; whatever a manifest holds, a look-up here answers and never fails.
package lib.kubernetes

# METADATA
# description: |
#   The objects to judge, lists taken apart. Besides a target (docs/protocol.md) the input may be one manifest or
#   conftest's `--combine` array, so that the policies also run under plain conftest.
objects := array.concat(
	[manifest | some manifest in given; is_object(manifest); not is_list_kind(manifest)],
	[manifest |
		some list in given
		is_list_kind(list)
		some manifest in list.items
		is_object(manifest)
	],
)

# METADATA
# description: The documents that the render was made from; none under plain conftest.
sources := [source | some source in list(input, ["sources"]); is_object(source)]

given := input.items if {
	is_array(input.items)
	text(input, ["kind"]) == ""
} else := [file.contents | some file in input] if {
	is_array(input)
} else := [input]

is_list_kind(manifest) if {
	endswith(text(manifest, ["kind"]), "List")
	is_array(manifest.items)
}

# METADATA
# description: A setting of `input.config`, or `otherwise` when nobody says.
setting(name, otherwise) := value(input, ["config", name], otherwise)

# METADATA
# description: Whatever is at a path, or `otherwise` where there is nothing or null.
value(from, path, otherwise) := found if {
	is_object(from)
	found := object.get(from, path, null)
	found != null
} else := otherwise

# METADATA
# description: The string at a path, or an empty one when there is something else or nothing.
text(from, path) := found if {
	found := value(from, path, "")
	is_string(found)
} else := ""

# METADATA
# description: The array at a path, or an empty one when there is something else or nothing.
list(from, path) := found if {
	found := value(from, path, [])
	is_array(found)
} else := []

# METADATA
# description: The object at a path, or an empty one when there is something else or nothing.
map(from, path) := found if {
	found := value(from, path, {})
	is_object(found)
} else := {}

# METADATA
# description: The API group of an object; the core group is empty.
group(manifest) := parts[0] if {
	parts := split(text(manifest, ["apiVersion"]), "/")
	count(parts) > 1
} else := ""

# METADATA
# description: The groups of CloudNativePG and of EDB's edition of it.
cnpg_groups := {"postgresql.cnpg.io", "postgresql.k8s.enterprisedb.io"}

kind(manifest) := text(manifest, ["kind"])

name(manifest) := text(manifest, ["metadata", "name"])

# METADATA
# description: The namespace an object is in; one that names none is in `default`, as with kubectl.
namespace(manifest) := found if {
	found := text(manifest, ["metadata", "namespace"])
	found != ""
} else := "default"

# METADATA
# description: The strings among an object's annotations.
annotations(manifest) := {key: text |
	some key, text in map(manifest, ["metadata", "annotations"])
	is_string(text)
}
