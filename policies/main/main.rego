# METADATA
# title: The report
# description: Gathers what every rule says; `report` is the entrypoint, `deny` and `warn` are for plain conftest.
package main

severities := {"deny": "error", "warn": "warning"}

# METADATA
# description: The number of rules that were evaluated and what they found, see docs/protocol.md.
# entrypoint: true
report := {
	"rules": count(evaluated),
	"findings": [finding | some finding in findings],
}

evaluated contains [category, id] if {
	some category, id
	some verb, _ in severities
	data.rules[category][id][verb]
}

findings contains object.union(standard(said), placed) if {
	some verb, severity in severities
	some category, id, said
	data.rules[category][id][verb][said]
	placed := {"rule": id, "category": category, "severity": severity}
}

nowhere := {"resource": null, "path": [], "trace": [], "source": null}

# A rule of somebody else's may say a plain string, or an object with conftest's `msg`.
standard(said) := object.union(nowhere, {"message": said}) if is_string(said)

standard(said) := object.union(nowhere, said) if is_string(said.message)

standard(said) := object.union(nowhere, {"message": said.msg}) if {
	is_string(said.msg)
	not "message" in object.keys(said)
}

# What cannot be understood is still a finding: a rule that fires must never vanish.
standard(said) := object.union(nowhere, {"message": "the rule fired without a readable message"}) if not readable(said)

readable(said) if is_string(said)

readable(said) if is_string(said.message)

readable(said) if {
	is_string(said.msg)
	not "message" in object.keys(said)
}

# METADATA
# description: The errors, as conftest prints them.
deny contains printed(finding) if {
	some finding in findings
	finding.severity == "error"
}

# METADATA
# description: The warnings, as conftest prints them.
warn contains printed(finding) if {
	some finding in findings
	finding.severity == "warning"
}

printed(finding) := object.union(finding, {"msg": concat(": ", array.concat(
	[sprintf("%s/%s", [finding.category, finding.rule])],
	array.concat(place(finding), [said_on_the_way(finding)]),
))})

place(finding) := [sprintf("%s %s%s", [kind, finding.resource.name, field(finding)])] if {
	kind := finding.resource.kind
} else := [sprintf("%s%s", [file, field(finding)])] if {
	file := finding.source.file
} else := []

field(finding) := sprintf(" %s", [concat(".", [sprintf("%v", [part]) | some part in finding.path])]) if {
	count(finding.path) > 0
} else := ""

said_on_the_way(finding) := sprintf("%s (%s)", [finding.message, concat(" → ", finding.trace)]) if {
	count(finding.trace) > 0
} else := finding.message
