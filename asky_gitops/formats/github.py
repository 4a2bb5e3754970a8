"""For the log of GitHub Actions: annotations at the lines to edit, then the report itself.

GitHub shows ten annotations of a kind and step, so the worst ten come first and the rest is in the report.
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

import hashlib

from asky_gitops.formats import text
from asky_gitops.formats.style import Style, safe
from asky_gitops.model.finding import Finding, Location, Problem, Report

SHOWN = 10
"""Annotations of one severity that GitHub shows of one step."""


def write(report: Report, style: Style) -> str:
    """Return workflow commands and the text report; nothing in the report is taken for a command."""
    problems = list({(one.location, one.message): one for one in report.problems}.values())
    errors = [_problem(problem) for problem in problems]
    errors += [_finding(finding) for finding in _worst(report, "error")]
    warnings = [_finding(finding) for finding in _worst(report, "warning")]
    told = text.write(report, style)
    # Whoever writes the report's words cannot know its hash, so they cannot end the pause.
    token = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    lines = [
        *errors[:SHOWN],
        *warnings[:SHOWN],
        f"::stop-commands::{token}",
        told.rstrip("\n"),
        f"::{token}::",
    ]
    return "\n".join(lines) + "\n"


def _worst(report: Report, severity: str) -> list[Finding]:
    found = [one for one in report.counting if one.severity == severity]
    return sorted(found, key=lambda one: one.category != "security")


def _finding(finding: Finding) -> str:
    words = [finding.message]
    if finding.trace:
        words.append(" → ".join(finding.trace))
    words.append(f"in {', '.join(finding.overlays)}")
    if finding.remediation:
        words.append(finding.remediation)
    return _command(finding.severity, finding.location, finding.rule, "\n".join(words))


def _problem(problem: Problem) -> str:
    words = f"{problem.target}: {problem.message}" if problem.target else problem.message
    return _command("error", problem.location, problem.code, words)


def _command(level: str, at: Location | None, title: str, message: str) -> str:
    place = {}
    if at:
        place = {"file": at.file, "line": str(at.line), "endLine": str(at.end_line)}
        # GitHub takes columns on one line only.
        columns = {"col": str(at.column), "endColumn": str(at.end_column)}
        place |= columns if at.line == at.end_line else {}
    said = ",".join(f"{name}={_property(value)}" for name, value in {**place, "title": title}.items())
    return f"::{level} {said}::{_data(message)}"


def _data(value: str) -> str:
    lines = [safe(line) for line in value.split("\n")]
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(value: str) -> str:
    return safe(value).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
