"""Decides which findings a waiver covers, and which waivers are no longer right."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from asky_gitops.findings.catalogue import nearest_rule
from asky_gitops.findings.digest import same
from asky_gitops.findings.field import dotted
from asky_gitops.findings.fingerprint import stable_name
from asky_gitops.model.finding import Finding, Location, Problem
from asky_gitops.model.waiver import Waiver

FILE = "waivers.yaml"
Value = Callable[[Finding], Any]
"""Returns the value of the field a finding is about, as JSON data."""


def waived(
    findings: Iterable[Finding], waivers: Sequence[Waiver], today: str, value: Value
) -> tuple[list[Finding], dict[Waiver, list[Finding]]]:
    """Return the findings of single targets, each with its waiver, and what every waiver covers.

    `today` is `YYYY-MM-DD`. A waiver that is over covers nothing. The findings are those before merging:
    a waiver may be for one overlay of several.
    """
    covered: dict[Waiver, list[Finding]] = {waiver: [] for waiver in waivers}
    by_rule: dict[str, list[Waiver]] = {}
    for waiver in waivers:
        by_rule.setdefault(waiver.rule, []).append(waiver)
    result = []
    for finding in findings:
        for waiver in by_rule.get(finding.rule, ()):
            if (
                (waiver.until or today) >= today
                and covers(waiver, finding)
                and _holds(waiver, finding, value)
            ):
                covered[waiver].append(finding)
                finding = replace(finding, waiver=waiver)
                break
        result.append(finding)
    return result, covered


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Tell whether a finding of one target is what the waiver is about, whatever the value.

    The source of an object has no namespace before it is rendered, and a generated name ends in a hash.
    """
    if waiver.rule != finding.rule or waiver.field not in (None, dotted(finding.path)):
        return False
    if waiver.overlay is not None and not any(is_of(name, waiver.overlay) for name in finding.overlays):
        return False
    if waiver.file is not None:
        return finding.location is not None and finding.location.file == waiver.file
    return finding.resource is not None and waiver.resource in names(finding)


def names(finding: Finding) -> set[str]:
    """Return what a waiver may call the finding's object."""
    at = finding.resource
    assert at is not None
    called = {f"{at.kind}/{at.name}", f"{at.kind}/{stable_name(at)}"}
    return called | {f"{at.namespace}/{name}" for name in called} if at.namespace else called


def is_of(target: str, overlay: str) -> bool:
    """Tell whether a target is the overlay or a part of it: `eks/platform` is one of `eks`."""
    return target == overlay or target.startswith(f"{overlay}/")


def _holds(waiver: Waiver, finding: Finding, value: Value) -> bool:
    return waiver.value is None or same(value(finding), waiver.value)


def wrong(
    covered: Mapping[Waiver, Sequence[Finding]],
    found: Sequence[Finding],
    rules: Iterable[str],
    today: str,
    judged: Callable[[Waiver], bool],
) -> list[Problem]:
    """Return what is wrong with the waivers, in the order of the file.

    `found` are all findings of single targets; `judged` tells whether all that a waiver could be about was
    judged: only then can it be said to cover nothing.
    """
    known = set(rules)
    problems = []
    for waiver, its in covered.items():
        fields = sorted(
            {(str(one.resource or ""), dotted(one.path)) for one in its if one.resource or waiver.file}
        )
        if waiver.rule not in known:
            hint = nearest_rule(waiver.rule, known)
            problems.append(_problem("unknown-rule", waiver, f'there is no rule "{waiver.rule}"', hint))
        elif waiver.until is not None and waiver.until < today:
            hint = "mend the finding, or decide anew and move `until`"
            problems.append(_problem("expired", waiver, f"this waiver ended on {waiver.until}", hint))
        elif len({field for _, field in fields}) > 1:
            written = ", ".join(sorted({field for _, field in fields})[:3])
            message = f"this waiver is too wide: it covers {len(fields)} fields ({written})"
            problems.append(_problem("too-wide", waiver, message, "one entry with a `field` for each"))
        elif not its and judged(waiver):
            problems.append(_unused(waiver, found))
    return problems


def _unused(waiver: Waiver, found: Sequence[Finding]) -> Problem:
    if waiver.value is not None and any(covers(waiver, finding) for finding in found):
        hint = "look at the new value; asky-gitops check --waive --bind proposes an entry for it"
        return _problem("stale", waiver, "the value this waiver was bound to has changed", hint)
    hint = "remove it"
    if any(finding.rule == waiver.rule and finding.waiver is None for finding in found):
        hint = f"remove it, or name what is found: asky-gitops check --waive --rule {waiver.rule}"
    return _problem("unused", waiver, "this waiver covers nothing", hint)


def _problem(what: str, waiver: Waiver, message: str, hint: str | None) -> Problem:
    at = Location(FILE, waiver.line, waiver.column, waiver.line, waiver.column + 1)
    return Problem(f"waiver-{what}", None, message, at, hint=hint)
