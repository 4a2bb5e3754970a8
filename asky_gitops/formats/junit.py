"""JUnit's XML, for the test pages of CI: a suite for each target, a case for each finding.

What the readers of it agree on: testsuites, testsuite, testcase, failure, error, skipped
(https://github.com/testmoapp/junitxml). A warning that does not fail the run is no failure.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from asky_gitops.findings.field import dotted
from asky_gitops.formats.style import Style, safe
from asky_gitops.model.finding import Finding, Problem, Report, Target


def write(report: Report, style: Style) -> str:
    """Return the report as JUnit XML; problems of no target are a suite of their own."""
    suites = [_suite(report, target) for target in report.targets]
    known = {target.name for target in report.targets}
    if rest := [problem for problem in report.problems if problem.target not in known]:
        suites.append(_written("asky-gitops", [(_error(problem), "error") for problem in rest]))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="asky-gitops">']
    return "\n".join([*lines, *(line for suite in suites for line in suite), "</testsuites>"]) + "\n"


def _suite(report: Report, target: Target) -> list[str]:
    cases = [
        (_case(report, finding), _outcome(report, finding))
        for finding in report.findings
        if target.name in finding.overlays
    ]
    cases += [(_error(problem), "error") for problem in report.problems if problem.target == target.name]
    if not cases:
        cases = [([f'    <testcase classname={_quoted(target.name)} name="no findings"/>'], "passed")]
    return _written(target.name, cases)


def _written(name: str, cases: list[tuple[list[str], str]]) -> list[str]:
    counts = " ".join(
        f'{plural}="{sum(outcome == what for _, outcome in cases)}"'
        for plural, what in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    )
    opening = f'  <testsuite name={_quoted(name)} tests="{len(cases)}" {counts}>'
    return [opening, *(line for lines, _ in cases for line in lines), "  </testsuite>"]


def _outcome(report: Report, finding: Finding) -> str:
    if finding.waiver or finding.known:
        return "skipped"
    failing = finding.severity == "error" or report.fail_on == "warning"
    return "failure" if failing and report.fail_on != "never" else "passed"


def _case(report: Report, finding: Finding) -> list[str]:
    at = finding.location
    where = f"{at.file}:{at.line}:{at.column}" if at else "as rendered"
    what = " of ".join(part for part in (dotted(finding.path), str(finding.resource or "")) if part)
    name = f"{what or finding.message} ({where})"
    place = f' file={_quoted(at.file)} line="{at.line}"' if at else ""
    opening = f"    <testcase classname={_quoted(finding.rule)} name={_quoted(name)}{place}>"
    outcome = _outcome(report, finding)
    if outcome == "skipped":
        why = finding.waiver.reason if finding.waiver else "it was there before"
        body = [f"      <skipped message={_quoted(why)}/>"]
    else:
        text = escape("\n".join(map(safe, _details(finding))))
        tag = "failure" if outcome == "failure" else "system-out"
        head = (
            f" message={_quoted(finding.message)} type={_quoted(finding.severity)}"
            if tag == "failure"
            else ""
        )
        body = [f"      <{tag}{head}>{text}</{tag}>"]
    return [opening, *body, "    </testcase>"]


def _details(finding: Finding) -> Iterator[str]:
    yield f"{finding.severity}[{finding.rule}]: {finding.message}"
    if finding.trace:
        yield f"path: {' → '.join(finding.trace)}"
    yield f"in: {', '.join(finding.overlays)}"
    if finding.remediation:
        yield f"fix: {finding.remediation}"


def _error(problem: Problem) -> list[str]:
    at = problem.location
    name = f"{at.file}:{at.line}:{at.column}" if at else problem.code
    return [
        f"    <testcase classname={_quoted(problem.code)} name={_quoted(name)}>",
        f"      <error message={_quoted(problem.message)} type={_quoted(problem.code)}/>",
        "    </testcase>",
    ]


def _quoted(text: str) -> str:
    return quoteattr(safe(text))
