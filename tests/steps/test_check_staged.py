"""`check --staged` judges what will be committed, in real repositories and through real hooks."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome, git

Invoke = Callable[..., Outcome]
SERVICE = "overlays/minikube/generated/postgres/service.yaml"
CUSTOM = "overlays/eks/custom/kustomization.yaml"


def spoil(root: Path) -> None:
    service = root / SERVICE
    service.write_text(service.read_text().replace("type: ClusterIP", "type: LoadBalancer", 1))


def targets(outcome: Outcome) -> str:
    found = re.search(r" · (.*?), \d+ objects?, ", outcome.out)
    assert found is not None, outcome
    return found[1]


def test_the_index_is_judged_and_not_the_work_tree(committed: Path, invoke: Invoke) -> None:
    spoil(committed)
    assert invoke("check", "--staged", cwd=committed).status == 0
    git(committed, "add", SERVICE)
    git(committed, "checkout", "--quiet", "HEAD", "--", "asky.yaml")
    service = committed / SERVICE
    service.write_text(service.read_text().replace("type: LoadBalancer", "type: ClusterIP", 1))
    outcome = invoke("check", "--staged")
    assert outcome.status == 1
    assert f"{SERVICE}:23:9" in outcome.out
    assert "type: LoadBalancer" in outcome.out


def test_only_overlays_that_a_staged_file_reaches_are_judged(committed: Path, invoke: Invoke) -> None:
    assert targets(invoke("check", "--staged", cwd=committed)) == "2 overlays"
    (committed / CUSTOM).write_text((committed / CUSTOM).read_text() + "# more\n")
    git(committed, "add", CUSTOM)
    assert targets(invoke("check", "--staged")) == "1 overlay"
    (committed / "notes.txt").write_text("nothing of the stack\n")
    git(committed, "reset", "--quiet")
    git(committed, "add", "notes.txt")
    assert invoke("check", "--staged").out.startswith("no findings · nothing to judge · ")
    (committed / "asky.yaml").write_text((committed / "asky.yaml").read_text() + "# more\n")
    git(committed, "add", "asky.yaml")
    assert targets(invoke("check", "--staged")) == "2 overlays"


def test_a_file_that_is_not_staged_is_named(committed: Path, invoke: Invoke) -> None:
    (committed / CUSTOM).write_text(
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [more.yaml]\n"
    )
    (committed / "overlays/eks/custom/more.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n"
    )
    git(committed, "add", CUSTOM)
    outcome = invoke("check", "--staged", cwd=committed)
    assert outcome.status == 2
    assert outcome.out.startswith(
        "error: overlays/eks/custom/more.yaml is not staged: Argo CD would miss it\n"
        "  in    eks\n  fix   git add overlays/eks/custom/more.yaml\n"
    )
    git(committed, "add", "--all")
    assert invoke("check", "--staged").status == 0


@pytest.mark.parametrize("arguments", [["--all"], ["--only", SERVICE]])
def test_a_hook_sees_the_index_that_is_committed(committed: Path, arguments: list[str]) -> None:
    hook = committed / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} -m asky_gitops check --staged\n")
    hook.chmod(0o755)
    spoil(committed)
    command = ["git", "commit", "--quiet", "--message", "spoiled", *arguments]
    done = subprocess.run(command, cwd=committed, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "error[exposed-database]" in done.stdout + done.stderr
    assert git(committed, "log", "--format=%s").splitlines() == ["generated"]


def test_comparing_with_something_else_is_a_usage_error(committed: Path, invoke: Invoke) -> None:
    outcome = invoke("check", "--staged", "--since", "HEAD", cwd=committed)
    assert (outcome.status, outcome.out) == (2, "")
