"""SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.

The primary location is the line to edit; what it overrides is related. A finding whose source is not known
stands at its target's kustomization: without a place, GitHub does not show it.
"""

import json
from collections import Counter
from typing import Any
from urllib.parse import quote

from asky_gitops.findings.field import dotted
from asky_gitops.formats.style import Style
from asky_gitops.model.finding import Finding, Location, Problem, Report, Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def write(report: Report, style: Style) -> str:
    """Return one SARIF log with one run, in ASCII."""
    rules = {(rule.category, rule.id): number for number, rule in enumerate(report.rules)}
    seen: Counter[str] = Counter()
    run = {
        "tool": {
            "driver": {
                "name": "asky-gitops",
                "semanticVersion": report.versions.get("asky-gitops", "0.0.0"),
                "rules": [_rule(rule) for rule in report.rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The root of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": not report.problems,
                "exitCode": report.exit_code,
                "toolExecutionNotifications": [_notification(problem) for problem in report.problems],
            }
        ],
        "results": [_result(finding, report, rules, seen) for finding in report.findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    description = " ".join(rule.description.split()) or rule.title or rule.id
    help_text = " ".join(rule.remediation.split()) or description
    described: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title or rule.id},
        "fullDescription": {"text": description},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": rule.severities[0] if rule.severities else "warning"},
        "properties": {"tags": [rule.category]},
    }
    return described | ({"helpUri": rule.related[0]} if rule.related else {})


def _result(
    finding: Finding, report: Report, rules: dict[tuple[str, str], int], seen: Counter[str]
) -> dict[str, Any]:
    seen[finding.fingerprint] += 1
    number = rules.get((finding.category, finding.rule))
    words = [finding.message, f"in {', '.join(finding.overlays)}"]
    if finding.trace:
        words.insert(1, " → ".join(finding.trace))
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        **({} if number is None else {"ruleIndex": number}),
        "level": finding.severity,
        "message": {"text": " · ".join(words)},
        "locations": [_place(finding, report)],
        "relatedLocations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(at.file),
                    "region": {"startLine": at.line, "startColumn": at.column},
                },
                "message": {"text": at.message},
            }
            for at in finding.related
        ],
        "partialFingerprints": {"askyGitops/v1": f"{finding.fingerprint}:{seen[finding.fingerprint]}"},
    }
    if any(one.known for one in report.findings):
        result["baselineState"] = "unchanged" if finding.known else "new"
    if finding.waiver:
        suppression = {"kind": "external", "status": "accepted", "justification": finding.waiver.reason}
        result["suppressions"] = [suppression]
    return result


def _place(finding: Finding, report: Report) -> dict[str, Any]:
    at = finding.location
    physical = _physical(at) if at else {"artifactLocation": _artifact(_entry(finding, report))}
    place: dict[str, Any] = {"physicalLocation": physical}
    if finding.resource is not None:
        name = " ".join(part for part in (str(finding.resource), dotted(finding.path)) if part)
        place["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "object"}]
    return place


def _entry(finding: Finding, report: Report) -> str:
    """Return the kustomization of the first target a finding is in, or the target itself."""
    paths = {target.name: target for target in report.targets}
    target = paths.get(finding.overlays[0]) if finding.overlays else None
    if target is None:
        return "."
    entries = (file for file in target.closure if file.rpartition("/")[0] == target.path)
    return next((file for file in entries if "kustomization" in file.lower()), target.path)


def _physical(at: Location) -> dict[str, Any]:
    region = {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
    }
    return {"artifactLocation": _artifact(at.file), "region": region}


def _artifact(file: str) -> dict[str, str]:
    return {"uri": quote(file, errors="surrogateescape"), "uriBaseId": "ROOT"}


def _notification(problem: Problem) -> dict[str, Any]:
    words = f"{problem.target}: {problem.message}" if problem.target else problem.message
    said: dict[str, Any] = {
        "level": "error",
        "descriptor": {"id": problem.code},
        "message": {"text": words},
    }
    if problem.location:
        said["locations"] = [{"physicalLocation": _physical(problem.location)}]
    return said
