# METADATA
# title: Results
# description: The only builders of what a rule says; main adds the rule's id, category and severity.
package lib.result

import data.lib.kubernetes

# METADATA
# description: A finding on a field of a rendered object.
at(object, path, message) := traced(object, path, message, [])

# METADATA
# description: A finding with the way that leads to it, one step an element.
traced(object, path, message, trace) := on(reference(object), path, message, trace)

# METADATA
# description: As `traced`, for an object that is known by its reference.
on(resource, path, message, trace) := {
	"resource": resource,
	"path": path,
	"message": message,
	"trace": trace,
	"source": null,
}

# METADATA
# description: A finding on a field of a source document (docs/protocol.md, Source).
in_source(source, path, message) := {
	"resource": source_reference(source),
	"path": path,
	"message": message,
	"trace": [],
	"source": {"file": source.file, "document": kubernetes.value(source, ["document"], 0)},
}

# METADATA
# description: What identifies an object; what it does not say is empty, and null for the namespace.
reference(object) := {
	"apiVersion": kubernetes.text(object, ["apiVersion"]),
	"kind": kubernetes.kind(object),
	"namespace": own_namespace(object),
	"name": kubernetes.name(object),
}

own_namespace(object) := value if {
	value := kubernetes.text(object, ["metadata", "namespace"])
	value != ""
} else := null

source_reference(source) := reference(source.object) if {
	source.kind in {"manifest", "patch"}
	kubernetes.kind(source.object) != ""
} else := null
