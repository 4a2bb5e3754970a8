"""A rule that is new in this minor version warns until the next one, whoever judges, wherever it is told."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops import __version__
from asky_gitops.adapters import bundled
from asky_gitops.model import version
from asky_gitops.steps.rules import rules
from tests.conftest import Outcome
from tests.servers import opa

Invoke = Callable[..., Outcome]
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: example.org/web:1.0.0
      securityContext: {privileged: true}
"""
FOUND = """\
warning[privileged-container]: container web runs privileged: root on its node
  pod.yaml:8:37
     7 |       image: example.org/web:1.0.0
     8 |       securityContext: {privileged: true}
       |                                     ^^^^ spec.containers[0].securityContext.privileged of Pod web
  in    .
  fix   Remove privileged: true; if the program needs one right, ask for that capability alone.

note: new rules warn: from 0.2 on an error is what privileged-container finds

1 warning · 1 target, 1 object, RULES rules · 0.00 s
"""
OWN = """\
# METADATA
# title: Ours
# custom:
#   since: "0.1"
package rules.own["ours"]

deny contains "no"
"""


def timeless(text: str) -> str:
    return re.sub(r"\d+ rules · \d\.\d\d s$", "RULES rules · 0.00 s", text, flags=re.M)


@pytest.fixture
def pod(repo: Path) -> Path:
    (repo / "pod.yaml").write_text(POD)
    return repo


def test_what_a_new_rule_denies_is_a_warning_and_said_to_become_an_error(pod: Path, invoke: Invoke) -> None:
    outcome = invoke("check", "--rule", "privileged-container", cwd=pod)
    assert (outcome.status, timeless(outcome.out), outcome.err) == (0, FOUND, "")
    assert invoke("check", "--rule", "privileged-container", "--fail-on", "warning").status == 1


def test_in_the_next_minor_version_it_is_an_error(
    pod: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asky_gitops.findings.lifecycle.MINOR", version.NEXT)
    outcome = invoke("check", "--rule", "privileged-container", cwd=pod)
    expected = re.sub(r"note: .*\n\n", "", FOUND).replace("warning", "error")
    assert (outcome.status, timeless(outcome.out), outcome.err) == (1, expected, "")


def test_what_an_opa_server_denies_by_a_new_rule_is_a_warning_too(
    pod: Path, invoke: Invoke, tool: Callable[[str], Path]
) -> None:
    with opa(tool("opa"), bundled.policies()) as url:
        outcome = invoke("check", "--rule", "privileged-container", "--opa-url", url, cwd=pod)
    assert (outcome.status, timeless(outcome.out), outcome.err) == (0, FOUND, "")


def test_a_rule_of_ones_own_is_as_old_as_it_says(pod: Path, invoke: Invoke) -> None:
    (pod / "own").mkdir()
    (pod / "own" / "ours.rego").write_text(OWN)
    outcome = invoke("check", "pod.yaml", "--rule", "ours", "--policies", "own", cwd=pod)
    assert (outcome.status, outcome.out.splitlines()[0]) == (1, "error[ours]: no")


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_who_reads_a_report_elsewhere_is_told_too(pod: Path, invoke: Invoke, form: str) -> None:
    outcome = invoke("check", "--rule", "privileged-container", "--format", form, cwd=pod)
    plain = outcome.out.replace("\\", "")
    assert "note: new rules warn: from 0.2 on an error is what privileged-container finds" in plain


def test_code_scanning_is_told_what_a_new_rule_s_findings_are_now(pod: Path, invoke: Invoke) -> None:
    document = json.loads(invoke("check", "--format", "sarif", cwd=pod).out)
    (run,) = document["runs"]
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in run["tool"]["driver"]["rules"]}
    said = {one.id: one.severities[0] for one in rules() if one.id in levels}
    assert levels == said
    assert {levels["privileged-container"], levels["inline-secret"]} == {"warning", "error"}


def test_the_list_and_the_page_say_which_rules_are_new(repo: Path, invoke: Invoke) -> None:
    table = invoke("rules", cwd=repo).out
    new = {rule.id for rule in rules() if rule.hardens}
    assert set(re.findall(r"^  (\S+) +warning, new ", table, re.M)) == new
    assert table.endswith(f" · {len(new)} new ones: an error from 0.2 on\n")
    listed = json.loads(invoke("rules", "--format", "json").out)["rules"]
    assert {rule["id"] for rule in listed if rule["new"]} == new
    page = invoke("explain", "privileged-container").out
    assert page.endswith(
        "\n\n## Lifecycle\n\nNew in 0.1: it warns until 0.2, where what it finds is an error.\n"
    )


def test_a_rule_names_a_minor_version_that_there_was(repo: Path) -> None:
    def number(text: str) -> tuple[int, ...]:
        return tuple(map(int, text.split(".")))

    named = {rule.id: rule.custom["since"] for rule in rules() if "since" in rule.custom}
    assert named
    for rule, since in named.items():
        assert re.fullmatch(r"\d+\.\d+", since), rule
        assert number(since) <= number(__version__)[:2], rule
