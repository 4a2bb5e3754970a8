"""Makes a report fit to be seen: excerpts of the sources, and no secret value in any of its words.

Every text that came from outside passes here once, on its way out; a format only lays it out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from asky_gitops.findings.catalogue import SCHEMA_ERROR
from asky_gitops.findings.conceal import Concealed, conceal
from asky_gitops.findings.redact import Redactor
from asky_gitops.model.finding import Finding, Location, Problem, Related, Report, Target

SECRET_RULES = frozenset({"inline-secret"})
"""Rules whose findings point at secrets."""

LONGEST_MESSAGE = 10_000
"""Characters of an error that are shown: kustomize may quote whole files."""
OWN_WORDS = frozenset(
    {"missing-file", "no-objects", "timeout", "unknown-kind", "unjudged-file"}
    | {f"waiver-{what}" for what in ("unknown-rule", "expired", "too-wide", "stale", "unused")}
)
"""Problems that are not said in the words of kustomize, OPA or a parser."""


def needed(report: Report, own_rules: bool) -> set[str]:
    """Return the source files to read before the report can be shown.

    Those with a finding; and where another program's words may quote a file (a failed target, an
    object against its schema, a rule that is not ours), every file of that target's render.
    """
    located = {finding.location.file for finding in report.findings if finding.location}
    located |= {problem.location.file for problem in report.problems if problem.location}
    quoting = {problem.target for problem in report.problems}
    for finding in report.findings:
        if own_rules or finding.rule == SCHEMA_ERROR:
            quoting |= set(finding.overlays)
    return located.union(*(target.closure for target in report.targets if target.name in quoting))


def presented(report: Report, texts: Mapping[str, str], own_rules: bool) -> Report:
    """Return the report with excerpts and without secrets.

    `texts` are the files of `needed`. `own_rules` says that rules which are not ours took part: nothing
    vouches then for the places they point at.
    """
    flagged: dict[str, list[Location]] = {file: [] for file in texts}
    vouched: dict[str, list[Location]] = {file: [] for file in texts}
    # Of a value that is not what its field is for, no other rule knows what it is.
    odd = {
        (at.location.file, at.location.line)
        for at in report.findings
        if at.location and at.rule == SCHEMA_ERROR
    }
    for finding in report.findings:
        if finding.location and finding.location.file in texts:
            if finding.rule in SECRET_RULES:
                flagged[finding.location.file].append(finding.location)
            elif not own_rules and (finding.location.file, finding.location.line) not in odd:
                vouched[finding.location.file].append(finding.location)
    sources = {file: conceal(file, text, flagged[file], vouched[file]) for file, text in texts.items()}
    redactor = Redactor(
        secrets=frozenset().union(*(source.secrets for source in sources.values())),
        hidden=frozenset().union(*(source.values for source in sources.values())),
    )
    return replace(
        report,
        findings=tuple(_finding(finding, sources, redactor) for finding in report.findings),
        problems=tuple(_problem(problem, redactor) for problem in report.problems),
        targets=tuple(_target(target, redactor) for target in report.targets),
    )


def speakable(problems: Iterable[Problem], texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return problems without secrets, for a command that has no report; `texts` are what was read."""
    report = Report(versions={}, targets=(), findings=(), problems=tuple(problems))
    return presented(report, texts, own_rules=True).problems


def _finding(finding: Finding, sources: Mapping[str, Concealed], redactor: Redactor) -> Finding:
    words = redactor.foreign if finding.rule == SCHEMA_ERROR else redactor.text
    finding = replace(
        finding,
        message=words(finding.message),
        related=tuple(
            Related(at.file, at.line, at.column, redactor.text(at.message)) for at in finding.related
        ),
        trace=tuple(redactor.text(step) for step in finding.trace),
        waiver=finding.waiver and replace(finding.waiver, reason=redactor.text(finding.waiver.reason)),
    )
    return _with_excerpt(finding, sources)


def _with_excerpt(finding: Finding, sources: Mapping[str, Concealed]) -> Finding:
    """Add the line before the place, its line, and the columns to point at, if the file is known."""
    place = finding.location
    source = sources.get(place.file) if place else None
    if place is None or source is None or not 1 <= place.line <= len(source.source):
        return finding
    first = max(1, place.line - 1)
    lines = tuple((number, source.line(number)) for number in range(first, place.line + 1))
    start = source.column(place.line, place.column)
    end = source.column(place.line, place.end_column) if place.end_line == place.line else len(lines[-1][1])
    return replace(finding, excerpt=lines, caret=(start, max(end, start + 1)))


def _problem(problem: Problem, redactor: Redactor) -> Problem:
    words = redactor.text if problem.code in OWN_WORDS else redactor.foreign
    message = words(problem.message[:LONGEST_MESSAGE])
    return replace(problem, message=message if len(problem.message) <= LONGEST_MESSAGE else f"{message}…")


def _target(target: Target, redactor: Redactor) -> Target:
    return replace(
        target, unjudged=tuple((file, redactor.foreign(reason)) for file, reason in target.unjudged)
    )
