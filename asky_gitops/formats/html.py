"""A page to look through: findings by overlay, filters, search, ways drawn, who may talk to whom."""

import re
from collections.abc import Iterable
from html import escape

from asky_gitops.findings.field import dotted
from asky_gitops.formats import maps
from asky_gitops.formats.drawing import chain
from asky_gitops.formats.notes import notes
from asky_gitops.formats.page import page
from asky_gitops.formats.style import Style, safe
from asky_gitops.formats.text import problem_line, totals
from asky_gitops.model.finding import Finding, Report


def write(report: Report, style: Style) -> str:
    """Return one self-contained document; every word of the report is text in it and nothing else."""
    overlays = sorted({name for finding in report.findings for name in finding.overlays})
    problems = dict.fromkeys(problem_line(problem, Style()) for problem in report.problems)
    parts = [f'<p class="problem">{_text(line)}</p>' for line in problems]
    parts += [f'<p class="note">note: {_text(line)}</p>' for line in notes(report)]
    if report.findings:
        parts.append(_form(report, overlays))
    parts += [_overlay(report, name) for name in overlays]
    if report.maps:
        parts += ["<h2>Who may talk to whom</h2>", maps.sections(dict(report.maps))]
    said = re.sub(r" · [0-9.]+ s$", "", totals(report, Style()))
    return page("what will be synced", "\n".join(parts), f'<p id="totals">{_text(said)}</p>')


def _form(report: Report, overlays: Iterable[str]) -> str:
    rules = sorted({finding.rule for finding in report.findings})
    boxes = "".join(
        f'<label><input type="checkbox" name="severity" value="{one}" checked> {one}s</label>'
        for one in ("error", "warning")
    )
    return (
        '<form><input type="search" name="search" placeholder="search" aria-label="search">'
        f"{boxes}{_select('overlay', overlays)}{_select('rule', rules)}"
        f"{_select('state', ('new', 'waived', 'known'))}"
        '<button type="button">all</button> <output id="shown"></output></form>'
    )


def _select(name: str, values: Iterable[str]) -> str:
    options = "".join(f'<option value="{_text(one)}">{_text(one)}</option>' for one in values)
    return (
        f'<select name="{name}" aria-label="{name}"><option value="">every {name}</option>{options}</select>'
    )


def _overlay(report: Report, name: str) -> str:
    cards = [_card(finding, name) for finding in report.findings if name in finding.overlays]
    return "\n".join([f'<section class="overlay"><h2>{_text(name)}</h2>', *cards, "</section>"])


def _card(finding: Finding, overlay: str) -> str:
    state = "waived" if finding.waiver else "known" if finding.known else "new"
    data = {"severity": finding.severity, "overlay": overlay, "rule": finding.rule, "state": state}
    attributes = " ".join(f'data-{key}="{_text(value)}"' for key, value in data.items())
    heading = f"{finding.severity}[{finding.rule}]: {finding.message}"
    at = finding.location
    what = " of ".join(part for part in (dotted(finding.path), str(finding.resource or "")) if part)
    lines = [
        f'<article class="{finding.severity} {state}" {attributes}><h3>{_text(heading)}</h3>',
        f'<div class="place">{_text(f"{at.file}:{at.line}:{at.column}" if at else "as rendered")}</div>',
        _excerpt(finding),
        f'<div class="drawing">{chain(finding.trace, " → ".join(finding.trace))}</div>'
        if finding.trace
        else "",
        "<dl>",
        _entry("field", what),
        *(_entry(one.message, f"{one.file}:{one.line}") for one in finding.related),
        _entry("fix", finding.remediation),
        _entry("waived", finding.waiver.reason if finding.waiver else ""),
        "</dl></article>",
    ]
    return "\n".join(line for line in lines if line)


def _entry(name: str, text: str) -> str:
    return f"<dt>{_text(name)}</dt><dd>{_text(text)}</dd>" if text else ""


def _excerpt(finding: Finding) -> str:
    if not finding.excerpt:
        return ""
    *before, (number, line) = finding.excerpt
    start, end = finding.caret
    rows = [f"{at:>5} | {_text(text)}" for at, text in before]
    rows.append(
        f"{number:>5} | {_text(line[:start])}<mark>{_text(line[start:end])}</mark>{_text(line[end:])}"
    )
    return f"<pre>{chr(10).join(rows)}</pre>"


def _text(text: str) -> str:
    return escape(" ".join(safe(line) for line in text.split("\n")))
