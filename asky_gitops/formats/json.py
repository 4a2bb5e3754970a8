"""The format for programs: the versioned contract that `asky-gitops schema report` describes."""

import json
from typing import Any

from asky_gitops.findings.field import dotted
from asky_gitops.findings.waivers import FILE
from asky_gitops.formats.style import Style
from asky_gitops.model.finding import Finding, Location, Problem, Report, Target
from asky_gitops.model.manifest import ResourceRef
from asky_gitops.model.waiver import Waiver

SCHEMA_VERSION = "1"


def write(report: Report, style: Style) -> str:
    """Return the report as one JSON document in ASCII, so that no terminal and no encoding can trip."""
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """Return the report as JSON types. How long it took is not part of it: two runs say the same."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "tool": dict(report.versions),
        "targets": [_target(target) for target in report.targets],
        "findings": [_finding(finding) for finding in report.findings],
        "errors": [_problem(problem) for problem in report.problems],
        "off": [{"overlay": one.overlay, "rule": one.rule, "count": one.count} for one in report.off],
        "summary": {
            "errors": report.count("error"),
            "warnings": report.count("warning"),
            "waived": sum(1 for finding in report.findings if finding.waiver),
            "known": sum(1 for finding in report.findings if finding.known and not finding.waiver),
            "objects": sum(target.objects for target in report.targets),
            "exitCode": report.exit_code,
        },
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "name": target.name,
        "path": target.path,
        "status": target.status,
        "objects": target.objects,
        "rules": target.rules,
        "unknownKinds": list(target.unknown_kinds),
        "unjudged": [{"file": file, "reason": reason} for file, reason in target.unjudged],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity,
        "message": finding.message,
        "resource": _resource(finding.resource),
        "field": dotted(finding.path),
        "overlays": list(finding.overlays),
        "location": _location(finding.location),
        "related": [
            {"file": at.file, "line": at.line, "column": at.column, "message": at.message}
            for at in finding.related
        ],
        "trace": list(finding.trace),
        "remediation": finding.remediation,
        "fixable": finding.fixable,
        "fingerprint": finding.fingerprint,
        "waiver": _waiver(finding.waiver),
        "known": finding.known,
    }


def _waiver(waiver: Waiver | None) -> dict[str, Any] | None:
    if waiver is None:
        return None
    return {
        "reason": waiver.reason,
        "owner": waiver.owner,
        "until": waiver.until,
        "location": {"file": FILE, "line": waiver.line, "column": waiver.column},
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "target": problem.target,
        "message": problem.message,
        "location": _location(problem.location),
    }


def _resource(resource: ResourceRef | None) -> dict[str, Any] | None:
    if resource is None:
        return None
    return {
        "apiVersion": resource.api_version,
        "kind": resource.kind,
        "namespace": resource.namespace,
        "name": resource.name,
    }


def _location(at: Location | None) -> dict[str, Any] | None:
    if at is None:
        return None
    return {
        "file": at.file,
        "line": at.line,
        "column": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    }
