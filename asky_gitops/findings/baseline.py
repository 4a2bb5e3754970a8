"""Tells new findings from those that were there before: in a report of then, or in another revision."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from asky_gitops.findings.field import dotted
from asky_gitops.findings.fingerprint import fingerprint, stable_name
from asky_gitops.model.finding import Finding, Report
from asky_gitops.model.manifest import ResourceRef

Key = tuple[str, ...]
NUMBER = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Before:
    """One finding of one overlay as it was: what it was about, and the names it is known by."""

    overlay: str
    field: str
    """The fingerprint; empty where the field is in a list: another item may stand at its number now."""
    about: Key
    """Rule, object or file, field without its numbers, and message: an item that moved is the same one."""


def of_report(report: Report, renamed: Mapping[str, str], names: Mapping[str, str]) -> list[Before]:
    """Return the findings of an earlier report.

    `renamed` are files that have another name since, `names` is what its targets are called now.
    """
    return [
        replace(one, overlay=names.get(one.overlay, one.overlay))
        for finding in report.findings
        for one in _befores(_moved(finding, renamed))
    ]


def of_document(document: Mapping[str, Any]) -> list[Before]:
    """Return the findings of what `check --format json` wrote; KeyError or TypeError for anything else."""
    if document["schemaVersion"] != "1":
        raise KeyError("schemaVersion")
    return [
        Before(str(overlay), _exact(one["field"], one["fingerprint"]), _about_json(one))
        for one in document["findings"]
        for overlay in one["overlays"]
    ]


def marked(report: Report, before: Iterable[Before]) -> Report:
    """Return the report with what was there before marked as known, overlay by overlay.

    Each finding of then answers for one of now: by what it says first, then by its field.
    """
    left = Counter(before)
    known: set[tuple[int, str]] = set()
    for named in (lambda one: one.about, lambda one: (one.field,)):
        index: dict[Key, list[Before]] = {}
        for one in left.elements():
            if all(named(one)[:1]):
                index.setdefault((one.overlay, *named(one)), []).append(one)
        for number, finding in enumerate(report.findings):
            for now in _befores(finding):
                key = (number, now.overlay)
                if key not in known and _taken(index.get((now.overlay, *named(now)), []), left):
                    known.add(key)
    findings = [part for number, one in enumerate(report.findings) for part in _split(number, one, known)]
    return replace(report, findings=tuple(findings))


def _taken(candidates: list[Before], left: Counter[Before]) -> bool:
    while candidates:
        one = candidates.pop()
        if left[one] > 0:
            left[one] -= 1
            return True
    return False


def _split(number: int, finding: Finding, known: set[tuple[int, str]]) -> list[Finding]:
    old = tuple(name for name in finding.overlays if (number, name) in known)
    new = tuple(name for name in finding.overlays if (number, name) not in known)
    parts = [replace(finding, overlays=new)] if new else []
    return parts + ([replace(finding, overlays=old, known=True)] if old else [])


def _befores(finding: Finding) -> list[Before]:
    field = _exact(dotted(finding.path), finding.fingerprint)
    return [Before(overlay, field, _about(finding)) for overlay in finding.overlays]


def _exact(field: str, fingerprint: str) -> str:
    return "" if NUMBER.search(field) else fingerprint


def _about(finding: Finding) -> Key:
    file = finding.location.file if finding.location else ""
    return _key(finding.rule, finding.resource, file, dotted(finding.path), finding.message)


def _about_json(one: Mapping[str, Any]) -> Key:
    said = one["resource"]
    at = said and ResourceRef(said["apiVersion"], said["kind"], said["namespace"], said["name"])
    file = one["location"]["file"] if one["location"] else ""
    return _key(one["rule"], at, file, one["field"], one["message"])


def _key(rule: str, at: ResourceRef | None, file: str, field: str, message: str) -> Key:
    what = f"{at.kind} {at.namespace or ''}/{stable_name(at)}" if at else file
    return (rule, what, NUMBER.sub("[]", field), message)


def _moved(finding: Finding, renamed: Mapping[str, str]) -> Finding:
    at = finding.location
    if at is None or at.file not in renamed:
        return finding
    moved = replace(finding, location=replace(at, file=renamed[at.file]))
    return replace(moved, fingerprint=fingerprint(moved))
