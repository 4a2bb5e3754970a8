# METADATA
# title: Kubernetes objects
# description: Typed access to what is judged; whatever a manifest holds, a look-up here answers and never fails.
package lib.kubernetes

# METADATA
# description: |
#   The objects to judge, lists taken apart. Besides a target (docs/protocol.md) the input may be one manifest or
#   conftest's `--combine` array, so that the policies also run under plain conftest.
objects := array.concat(
	[object | some object in given; is_object(object); not is_list_kind(object)],
	[object |
		some list in given
		is_list_kind(list)
		some object in list.items
		is_object(object)
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

is_list_kind(object) if {
	endswith(text(object, ["kind"]), "List")
	is_array(object.items)
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
group(object) := parts[0] if {
	parts := split(text(object, ["apiVersion"]), "/")
	count(parts) > 1
} else := ""

kind(object) := text(object, ["kind"])

name(object) := text(object, ["metadata", "name"])

# METADATA
# description: The namespace an object is in; one that names none is in `default`, as with kubectl.
namespace(object) := found if {
	found := text(object, ["metadata", "namespace"])
	found != ""
} else := "default"

# METADATA
# description: The strings among an object's annotations.
annotations(object) := {key: text |
	some key, text in map(object, ["metadata", "annotations"])
	is_string(text)
}
