"""The composite action does what its steps say, run as a runner runs them, in a real repository."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, git

ACTION = ROOT / ".github" / "actions" / "check"
SERVICE = "overlays/minikube/generated/postgres/service.yaml"
WAIVERS = """\
apiVersion: asky-gitops.dev/v1alpha1
kind: Waivers
waivers:
- {rule: exposed-database, resource: asky/Service/postgres, reason: trust me}
"""


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """Return a runner's temporary folder in which the action's first step has installed this checkout."""
    programs = tmp_path / "runner" / "asky-gitops" / "bin"
    programs.mkdir(parents=True)
    (programs / "asky-gitops").symlink_to(Path(sys.executable).parent / "asky-gitops")
    return tmp_path / "runner"


@pytest.fixture
def pull_request(committed: Path) -> Path:
    """Return a repository whose last commit opens the database and waives that in one go."""
    root = committed
    service = root / SERVICE
    service.write_text(service.read_text().replace("type: ClusterIP", "type: LoadBalancer", 1))
    (root / "waivers.yaml").write_text(WAIVERS)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "open and waive")
    return root


def check(root: Path, runner: Path, **inputs: str) -> tuple[dict[str, str], str, str]:
    """Run the check's step; return its outputs, its log and the job's summary."""
    files = {name: runner / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("")
    environment = {
        **os.environ,
        **{name: str(file) for name, file in files.items()},
        "RUNNER_TEMP": str(runner),
        "GITHUB_ACTIONS": "true",
        "REPORTS": str(runner / "reports"),
        **inputs,
    }
    done = subprocess.run(
        ["bash", str(ACTION / "check.sh")],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return outputs, done.stdout, files["GITHUB_STEP_SUMMARY"].read_text()


def test_a_pull_request_that_waives_its_own_violation_is_refused_and_told_why(
    pull_request: Path, runner: Path
) -> None:
    outputs, log, summary = check(pull_request, runner, BASE=git(pull_request, "rev-parse", "HEAD~1").strip())
    assert outputs["status"] == "1"
    assert log.startswith(f"::error file={SERVICE},line=23,")
    sarif = json.loads(Path(outputs["sarif-file"]).read_text())
    assert {(one["ruleId"], one["level"]) for one in sarif["runs"][0]["results"]} == {
        ("exposed-database", "error")
    }
    comment = Path(outputs["comment-file"]).read_text()
    assert comment == summary
    assert comment.startswith("<!-- asky-gitops check -->\n\n### asky-gitops: findings\n")
    assert "### What changes in the cluster: 1 changed since " in comment
    assert "  - ⚠️ the Service becomes a LoadBalancer\n" in comment


def test_a_run_without_a_base_takes_the_waiver(pull_request: Path, runner: Path) -> None:
    outputs, _, summary = check(pull_request, runner)
    assert outputs["status"] == "0"
    assert summary.startswith("<!-- asky-gitops check -->\n\n### asky-gitops: nothing stands in the way\n")


def test_only_what_is_new_can_count(pull_request: Path, runner: Path) -> None:
    (pull_request / "waivers.yaml").unlink()
    git(pull_request, "commit", "--quiet", "--all", "--message", "no waiver")
    base = git(pull_request, "rev-parse", "HEAD").strip()
    assert check(pull_request, runner, BASE=base)[0]["status"] == "1"
    assert check(pull_request, runner, BASE=base, ONLY_NEW="true")[0]["status"] == "0"


def test_arguments_are_words_and_never_a_command(pull_request: Path, runner: Path) -> None:
    outputs, _, summary = check(pull_request, runner, FURTHER="--rule\n$(touch pwned)\n")
    assert outputs["status"] == "2"
    assert not (pull_request / "pwned").exists()
    assert "### asky-gitops: no verdict (exit status 2)" in summary


GH = """\
#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$CALLS"
case "$*" in *--paginate*) printf '%s' "$FOUND" ;; *) cat "${@: -1}" >>"$CALLS"; echo >>"$CALLS" ;; esac
"""


@pytest.mark.parametrize(
    ("found", "call"),
    [("", "POST repos/a/b/issues/7/comments"), ("42\n", "PATCH repos/a/b/issues/comments/42")],
)
def test_one_comment_is_written_and_then_kept_up_to_date(tmp_path: Path, found: str, call: str) -> None:
    """GitHub cannot be run here: what stands in for its client writes down how it is called."""
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    (tmp_path / "comment.md").write_text('<!-- asky-gitops check -->\n\n`$(x)` "ä"\n')
    environment = {
        **os.environ,
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls"),
        "FOUND": found,
        "COMMENT": str(tmp_path / "comment.md"),
        "NUMBER": "7",
        "GITHUB_REPOSITORY": "a/b",
    }
    subprocess.run(["bash", str(ACTION / "comment.sh")], env=environment, check=True)
    asked, wrote, body = (tmp_path / "calls").read_text().splitlines()
    assert asked.startswith("api --paginate repos/a/b/issues/7/comments --jq ")
    assert re.sub(r" --input .*", "", wrote) == f"api --silent --method {call}"
    assert json.loads(body) == {"body": '<!-- asky-gitops check -->\n\n`$(x)` "ä"\n'}


def steps() -> list[dict[str, Any]]:
    return list(yaml.safe_load((ACTION / "action.yml").read_text("utf-8"))["runs"]["steps"])


def test_no_input_is_put_into_a_shell_and_every_action_is_pinned() -> None:
    assert [step["name"] for step in steps() if "${{" in step.get("run", "")] == []
    used = re.findall(r"uses: (.*)", (ACTION / "action.yml").read_text("utf-8"))
    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


def test_a_fork_gets_no_upload_and_no_comment_but_a_verdict() -> None:
    conditions = {step["name"]: step.get("if", "") for step in steps()}
    for name in ("Upload to code scanning", "Comment"):
        assert "github.event.pull_request.head.repo.full_name == github.repository" in conditions[name]
    assert (conditions["Check"], conditions["Verdict"]) == ("", "always()")


def test_every_input_is_described_and_in_the_docs() -> None:
    inputs = yaml.safe_load((ACTION / "action.yml").read_text("utf-8"))["inputs"]
    page = (ROOT / "docs" / "pull-requests.md").read_text("utf-8")
    assert [
        name for name, one in inputs.items() if not one["description"] or f"| `{name}` |" not in page
    ] == []


def test_the_workflows_are_clean_by_the_tools_of_the_field(tmp_path: Path) -> None:
    programs = (Path(sys.executable).parent / "zizmor", ROOT / ".tools" / "bin" / "actionlint")
    for command in ([str(programs[0]), "--quiet", "--offline", ".github"], [str(programs[1])]):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
