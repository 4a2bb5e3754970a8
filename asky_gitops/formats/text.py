"""The format for people: where, the line itself, by which path, in which overlays, and what to do."""

import textwrap
from collections.abc import Iterable, Iterator

from asky_gitops.findings.field import dotted
from asky_gitops.formats.notes import notes
from asky_gitops.formats.style import Style, columns, safe
from asky_gitops.model.finding import Finding, Problem, Report, Target

COLORS = {"error": "red", "warning": "yellow"}
STRICT = ("unknown-kind", "unjudged-file")
"""Problems that say themselves what would be a note otherwise."""
TAB = 4
"""Columns a tab of a source line is shown as."""


def write(report: Report, style: Style) -> str:
    """Return the report as text that ends in one line of totals."""
    blocks = [_finding(finding, style) for finding in report.counting]
    if problems := list(_problems(report.problems, style)):
        blocks.append(problems)
    strict = any(problem.code in STRICT for problem in report.problems)
    if not strict and (passed := list(_passed_over(report.targets, style))):
        blocks.append(passed)
    if noted := [f"{style.paint('note:', 'yellow')} {line}" for line in notes(report)]:
        blocks.append(noted)
    blocks.append([totals(report, style)])
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def totals(report: Report, style: Style) -> str:
    """Return the last line: `1 error, 1 warning · 2 overlays, 94 objects, 52 rules · 0.16 s`."""
    errors, warnings = report.count("error"), report.count("warning")
    waived = sum(1 for finding in report.findings if finding.waiver)
    known = sum(1 for finding in report.findings if finding.known and not finding.waiver)
    judged = [target for target in report.targets if target.status == "judged"]
    stopped = len(dict.fromkeys(map(_said, report.problems)))
    found = [
        style.paint(_many(errors, "error"), "red", bold=True) if errors else "",
        style.paint(_many(warnings, "warning"), "yellow", bold=True) if warnings else "",
        f"{waived} waived" if waived else "",
        f"{known} known" if known else "",
        style.paint(_many(stopped, "problem"), "red", bold=True) if stopped else "",
    ]
    said = ", ".join(part for part in found if part) or "no findings"
    objects = sum(target.objects for target in judged)
    rules = max((target.rules for target in judged), default=0)
    looked = f"{_targets(judged)}, {_many(objects, 'object')}, {_many(rules, 'rule')}"
    if not report.targets and not report.problems:
        looked = "nothing to judge"
    return f"{said} · {looked} · {report.seconds:.2f} s"


def _targets(targets: list[Target]) -> str:
    """Return how many overlays and other targets: `eks` and `eks/platform` are one overlay."""
    overlays = {target.name.partition("/")[0] for target in targets if target.name != target.path}
    others = [target for target in targets if target.name == target.path]
    counted = [_many(len(overlays), "overlay")] if overlays else []
    return " and ".join([*counted, *([_many(len(others), "target")] if others or not overlays else [])])


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _finding(finding: Finding, style: Style) -> list[str]:
    mark = style.paint(f"{finding.severity}[{safe(finding.rule)}]", COLORS[finding.severity], bold=True)
    lines = [f"{mark}: {_message(finding.message)}", *_place(finding, style)]
    if finding.trace:
        lines.append(f"  path  {' → '.join(safe(step) for step in finding.trace)}")
    related = [f"{safe(at.message)} {safe(at.file)}:{at.line}" for at in finding.related]
    lines.append(f"  in    {' · '.join([', '.join(safe(name) for name in finding.overlays), *related])}")
    if finding.remediation:
        wrapped = textwrap.wrap(safe(finding.remediation), max(style.width - 8, 40), break_on_hyphens=False)
        lines.append("  fix   " + ("\n" + " " * 8).join(wrapped))
    return lines


def _place(finding: Finding, style: Style) -> Iterator[str]:
    """Write where a finding is: the source, or the rendered object when no source is known."""
    what = " of ".join(part for part in (dotted(finding.path), str(finding.resource or "")) if part)
    if finding.location is None:
        if what:
            yield f"  {safe(what)}, as rendered"
        return
    at = finding.location
    yield f"  {style.paint(f'{safe(at.file)}:{at.line}:{at.column}', 'blue')}"
    if finding.excerpt:
        yield from _excerpt(finding, safe(what), style)
    elif what:
        yield f"  {safe(what)}"


def _excerpt(finding: Finding, label: str, style: Style) -> Iterator[str]:
    """Write the source lines, cut to the terminal's width around the columns that matter."""
    gutter = max(6, len(str(finding.excerpt[-1][0])) + 2)
    room = max(style.width - gutter - 3, 24)
    text = finding.excerpt[-1][1]
    start, end = (min(edge, len(text)) for edge in finding.caret)
    before, marked = _visible(text[:start]), _visible(text[start:end])
    skip = 0
    if columns(_visible(text)) > room:
        skip = max(0, columns(before) - max(1, (room - columns(marked)) // 2))
    for number, line in finding.excerpt:
        bar = style.paint(f"{number:>{gutter}} |", "dim")
        yield f"{bar} {_cut(_visible(line), skip, room)}".rstrip()
    indent = " " * (columns(before) - skip)
    carets = "^" * max(1, min(columns(marked), room - 1 - len(indent)))
    pointer = style.paint(carets, COLORS[finding.severity], bold=True)
    yield f"{style.paint(' ' * gutter + ' |', 'dim')} {indent}{pointer} {label}".rstrip()


def _visible(text: str) -> str:
    return safe(text.replace("\t", " " * TAB))


def _cut(text: str, skip: int, room: int) -> str:
    """Return columns `skip` to `skip + room` of a line, with `…` where something is left out."""
    kept, at = [], 0
    for character in text:
        if skip <= at < skip + room:
            kept.append(character)
        at += columns(character)
    if skip and kept:
        kept[0] = "…" + " " * (columns(kept[0]) - 1)
    if at > skip + room:
        kept[-1] = "…"
    return "".join(kept)


def _message(text: str, indent: int = 4) -> str:
    """Return a message without control characters; its further lines are indented."""
    lines = [safe(line.replace("\t", "  ")) for line in text.strip().splitlines()]
    return ("\n" + " " * indent).join(lines)


def _problems(problems: Iterable[Problem], style: Style) -> Iterator[str]:
    """Write each problem once, with every target it stopped."""
    alike: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        alike.setdefault(_said(problem), []).append(problem)
    for first, *others in alike.values():
        yield problem_line(first, style)
        if targets := [safe(one.target) for one in (first, *others) if one.target]:
            yield f"  in    {', '.join(targets)}"
        if first.hint:
            yield f"  fix   {_message(first.hint, indent=8)}"


def _said(problem: Problem) -> tuple[object, ...]:
    return (problem.location, problem.message, problem.hint)


def problem_line(problem: Problem, style: Style) -> str:
    """Return a problem as one line: `error: file:line:column: message`."""
    at = problem.location
    where = f"{safe(at.file)}:{at.line}:{at.column}: " if at else ""
    return f"{style.paint('error:', 'red', bold=True)} {where}{_message(problem.message)}"


def _passed_over(targets: Iterable[Target], style: Style) -> Iterator[str]:
    """Name what was seen and not judged, so that silence is never taken for a verdict."""
    kinds = sorted({kind for target in targets for kind in target.unknown_kinds})
    if kinds:
        names = ", ".join(safe(kind) for kind in kinds)
        yield f"{style.paint('note:', 'yellow')} no schema is known for {names} (--crds DIR adds some)"
    for file, reason in sorted({passed for target in targets for passed in target.unjudged}):
        yield f"{style.paint('note:', 'yellow')} {safe(file)} was not judged: {_message(reason)}"
