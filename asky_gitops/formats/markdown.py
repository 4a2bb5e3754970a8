"""Markdown for a pull request's comment and a job's summary: a table first, details folded."""

import re
from collections.abc import Iterator, Sequence

from asky_gitops.findings.field import dotted
from asky_gitops.formats.notes import notes
from asky_gitops.formats.style import Style, safe
from asky_gitops.formats.text import totals
from asky_gitops.model.finding import Finding, Problem, Report

MARK = "<!-- asky-gitops check -->"
"""By this first line a workflow finds the comment it wrote before."""
SHOWN = 50
"""Findings in full: a comment holds 65,536 characters."""
ICONS = {"error": "🔴", "warning": "🟡"}
SPECIAL = re.compile(r"([\\`*_{}\[\]#|~!$])")


def write(report: Report, style: Style) -> str:
    """Return the report as GitHub's Markdown; no word of it is read as markup, mention or HTML."""
    counted = report.counting
    parts = [MARK, f"### asky-gitops: {_verdict(report)}", *_table(counted[:SHOWN])]
    if len(counted) > SHOWN:
        parts.append(f"… and {len(counted) - SHOWN} more")
    parts += [_problem(problem) for problem in _unique(report.problems)]
    parts += [_details(finding) for finding in counted[:SHOWN]]
    if waived := [finding for finding in report.findings if finding.waiver]:
        parts.append(_waived(waived))
    parts += [f"note: {plain(line)}" for line in notes(report)]
    parts.append(f"<sub>{plain(_timeless(totals(report, Style())))}</sub>")
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return SPECIAL.sub(r"\\\1", _html(text))


def _with_code(text: str) -> str:
    """Return a rule's own words, whose backticks mean what they do in Markdown."""
    parts = re.split(r"`([^`]+)`", text)
    return "".join(code(part) if number % 2 else plain(part) for number, part in enumerate(parts))


def code(text: str) -> str:
    """Return text as code, whatever backticks it holds."""
    shown = safe(text.replace("\n", " ")).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    pad = " " if "`" in shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _timeless(words: str) -> str:
    return re.sub(r" · [0-9.]+ s$", "", words)


def _verdict(report: Report) -> str:
    if report.exit_code == 0:
        return "nothing stands in the way"
    return {1: "findings", 2: "a file must be mended first", 3: "could not tell"}[report.exit_code]


def _unique(problems: tuple[Problem, ...]) -> list[Problem]:
    return list({(one.location, one.message): one for one in problems}.values())


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        rows = ["| | rule | where | in |", "|---|---|---|---|", *map(_row, findings)]
        yield "\n".join(rows)


def _row(finding: Finding) -> str:
    where = code(_where(finding))
    overlays = ", ".join(map(plain, finding.overlays))
    return f"| {ICONS[finding.severity]} | {code(finding.rule)} | {where} | {overlays} |"


def _where(finding: Finding) -> str:
    at = finding.location
    return f"{at.file}:{at.line}" if at else _what(finding) or "as rendered"


def _what(finding: Finding) -> str:
    return " of ".join(part for part in (dotted(finding.path), str(finding.resource or "")) if part)


def _details(finding: Finding) -> str:
    summary = f"{ICONS[finding.severity]} <b>{_html(finding.rule)}</b>: {_html(finding.message)}"
    lines = [f"<details><summary>{summary}</summary>", "", f"- at {code(_where(finding))}"]
    if finding.location and (what := _what(finding)):
        lines.append(f"- field {code(what)}")
    if finding.trace:
        lines.append(f"- path {' → '.join(map(code, finding.trace))}")
    lines += [f"- {plain(at.message)} {code(f'{at.file}:{at.line}')}" for at in finding.related]
    if finding.remediation:
        lines.append(f"- fix: {_with_code(finding.remediation)}")
    return "\n".join([*lines, "", "</details>"])


def _html(text: str) -> str:
    shown = " ".join(safe(line) for line in text.split("\n")).replace("&", "&amp;")
    # A word joiner ends what GitHub would take for a mention.
    return shown.replace("<", "&lt;").replace(">", "&gt;").replace("@", "@\u2060")


def _waived(findings: list[Finding]) -> str:
    rows = [
        f"- {code(one.rule)} at {code(_where(one))}: {plain(one.waiver.reason)}"
        for one in findings
        if one.waiver
    ]
    return "\n".join([f"<details><summary>{len(findings)} waived</summary>", "", *rows, "", "</details>"])


def _problem(problem: Problem) -> str:
    at = problem.location
    where = f"{code(f'{at.file}:{at.line}:{at.column}')}: " if at else ""
    target = f" (in {plain(problem.target)})" if problem.target else ""
    return f"⛔ {where}{plain(problem.message)}{target}"
