"""Makes one list of what every target found: one finding a defect, always in the same order."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from asky_gitops.findings.field import dotted
from asky_gitops.findings.fingerprint import fingerprint
from asky_gitops.model.finding import Finding, Location

Key = tuple[Any, ...]
NOWHERE = Location("", 0, 0, 0, 0)


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of all targets as one sorted list, each with its fingerprint.

    What several overlays share (same rule, message, resource, field, location and waiver) becomes one
    finding that names them all. Paths of one overlay that lead to the same field stay apart. A
    finding on a source is dropped where one on the rendered object points at the same place.
    """
    ordered = sorted(set(findings), key=_order)
    first: dict[Key, Finding] = {}
    seen: Counter[Key] = Counter()
    for finding in ordered:
        of_target = (_identity(finding), finding.overlays)
        key = (_identity(finding), seen[of_target])
        seen[of_target] += 1
        first[key] = _joined(first[key], finding) if key in first else finding
    kept = sorted(_without_echoes(first.values()), key=_order)
    return tuple(replace(finding, fingerprint=fingerprint(finding)) for finding in kept)


def _identity(finding: Finding) -> Key:
    place = (finding.resource, finding.path, finding.location, finding.waiver)
    return (finding.category, finding.rule, finding.severity, finding.message, *place)


def _joined(one: Finding, other: Finding) -> Finding:
    overlays = tuple(sorted({*one.overlays, *other.overlays}))
    related = tuple(dict.fromkeys([*one.related, *other.related]))
    return replace(one, overlays=overlays, related=related)


def _without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """Drop findings on a source that repeat a rendered one, which takes over their overlays.

    A source has no object, or one without the namespace that the render gives it.
    """
    found = list(findings)
    rendered = {_place(finding): index for index, finding in enumerate(found) if _in_namespace(finding)}
    echoes = set()
    for index, finding in enumerate(found):
        twin = rendered.get(_place(finding))
        if not _in_namespace(finding) and finding.location and twin is not None:
            found[twin] = replace(found[twin], overlays=_joined(found[twin], finding).overlays)
            echoes.add(index)
    return [finding for index, finding in enumerate(found) if index not in echoes]


def _in_namespace(finding: Finding) -> bool:
    return finding.resource is not None and finding.resource.namespace is not None


def _place(finding: Finding) -> Key:
    start = finding.location and (finding.location.file, finding.location.line, finding.location.column)
    return (finding.category, finding.rule, finding.severity, finding.path, start, finding.waiver)


def _order(finding: Finding) -> Key:
    resource = finding.resource
    return (
        finding.severity,  # "error" sorts before "warning"
        finding.location is None,
        finding.location or NOWHERE,
        finding.category,
        finding.rule,
        (resource.kind, resource.namespace or "", resource.name, resource.api_version) if resource else (),
        dotted(finding.path),
        finding.message,
        finding.overlays,
        finding.trace,
        finding.waiver is not None,
        finding.waiver.line if finding.waiver else 0,
    )
