import re
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = ROOT / ".github" / "actions" / "check"


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_may_read_and_the_gate_may_comment(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text("utf-8"))
    further = {"gate.yml": {"pull-requests": "write", "security-events": "write"}}.get(file.name, {})
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        name: {"contents": "read", **further} for name in workflow["jobs"]
    }
    assert "pull_request_target" not in file.read_text("utf-8")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_pins_every_action_by_commit_and_keeps_no_credentials(file: Path) -> None:
    text = file.read_text("utf-8")
    used = [line for line in re.findall(r"uses: (.*)", text) if not line.startswith("./")]
    assert used
    pinned = r"[\w-]+/[\w-]+(?:/[\w-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+"
    assert [line for line in used if not re.fullmatch(pinned, line)] == []
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_has_a_time_limit_and_puts_no_input_into_a_shell(file: Path) -> None:
    for job in yaml.safe_load(file.read_text("utf-8"))["jobs"].values():
        assert job["timeout-minutes"] <= 40
        assert [step["run"] for step in job["steps"] if "${{" in step.get("run", "")] == []


def test_ci_runs_what_a_developer_runs() -> None:
    ci = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    assert ci["jobs"]["ready"]["steps"][-1] == {"run": "bash .ci/run"}
    assert (
        (ROOT / ".ci" / "run")
        .read_text("utf-8")
        .endswith("\nmake --jobs=2 --output-sync=target e2e ready pages\n")
    )
