# METADATA
# title: Results
# description: The only builders of what a rule says; main adds the rule's id, category and severity.
package lib.result

import data.lib.kubernetes

# METADATA
# description: A finding on a field of a rendered object.
at(manifest, path, message) := traced(manifest, path, message, [])

# METADATA
# description: A finding with the way that leads to it, one step an element.
traced(manifest, path, message, steps) := on(reference(manifest), path, message, steps)

# METADATA
# description: As `traced`, for an object that is known by its reference.
on(resource, path, message, steps) := {
	"resource": resource,
	"path": path,
	"message": message,
	"trace": steps,
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
reference(manifest) := {
	"apiVersion": kubernetes.text(manifest, ["apiVersion"]),
	"kind": kubernetes.kind(manifest),
	"namespace": own_namespace(manifest),
	"name": kubernetes.name(manifest),
}

own_namespace(manifest) := value if {
	value := kubernetes.text(manifest, ["metadata", "namespace"])
	value != ""
} else := null

source_reference(source) := reference(source.object) if {
	source.kind in {"manifest", "patch"}
	kubernetes.kind(source.object) != ""
} else := null
