import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.steps.generate import generate
from tests.conftest import ROOT, Outcome, git
from tests.small_stack import change, write_small_stack

Invoke = Callable[..., Outcome]
AUTH = "base/auth/deployment.yaml"


@pytest.fixture
def stack(repo: Path) -> Path:
    """A committed small stack with one change that is generated and not committed."""
    write_small_stack(repo)
    generate(repo)
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--message", "first")
    change(repo, "asky.yaml", "auth:1.0.0", "auth:1.0.1")
    generate(repo)
    return repo


def hook(root: Path, script: str) -> None:
    path = root / ".git/hooks/pre-commit"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def state(stack: Path) -> tuple[str, str]:
    return git(stack, "for-each-ref"), git(stack, "status", "--porcelain=v2", "-z", "--untracked-files=all")


def test_what_a_failing_hook_says_is_shown_without_secrets(stack: Path, invoke: Invoke) -> None:
    hook(stack, "echo checking; printf 'bad \\033[31mcolour\\n' >&2; echo password=hunter2; exit 1")
    before = state(stack)

    said = invoke("commit", cwd=stack)

    assert said == Outcome(
        1,
        "",
        "    checking\n    bad \\x1b[31mcolour\n    password=••••\n"
        "error: git, or a hook of it, refused the commit\n",
    )
    assert state(stack) == before


def test_a_hook_that_rewrites_a_generated_file_is_refused_with_the_difference_and_taken_back(
    stack: Path, invoke: Invoke
) -> None:
    hook(stack, f"sed -i 's/containerPort: 8003/containerPort:  8003/' {AUTH}; git add {AUTH}")
    before = state(stack)

    said = invoke("commit", cwd=stack)

    assert said.status == 1
    lines = [line for line in said.err.splitlines() if not line.startswith("     ")]
    assert lines[:2] == [f"    --- a/{AUTH}", f"    +++ b/{AUTH}"]
    assert lines[3:] == [
        "    -        - containerPort: 8003",
        "    +        - containerPort:  8003",
        f"error: {AUTH}: a git hook changed what was to be committed",
        "hint: leave generated files out of the hook",
    ]
    assert state(stack) == before


def test_a_hook_that_rewrites_the_spec_keeps_its_work_without_a_commit(stack: Path, invoke: Invoke) -> None:
    hook(stack, "echo '# formatted' >> asky.yaml; exit 1")
    before = state(stack)

    said = invoke("commit", cwd=stack)

    assert said.err.splitlines()[-2:] == [
        "error: asky.yaml: a git hook changed what was to be committed",
        "hint: look at what it changed, then commit again",
    ]
    assert (stack / "asky.yaml").read_text().endswith("# formatted\n")
    assert state(stack)[0] == before[0]


def test_a_hook_that_runs_asky_gitops_sees_this_repository_and_lets_it_pass(stack: Path, run: Invoke) -> None:
    program = f"PYTHONPATH={ROOT} {sys.executable} -m asky_gitops"
    hook(stack, f"{program} generate --check && {program} check")

    said = run("commit", cwd=stack)

    assert (said.status, said.err) == (0, "")
    assert git(stack, "status", "--porcelain") == ""


def test_a_commit_from_inside_a_hook_of_another_repository_stays_in_this_one(
    stack: Path, tmp_path: Path, run: Invoke
) -> None:
    git(tmp_path, "init", "--quiet", "other")
    hooked = {
        name: str(tmp_path / "other" / value)
        for name, value in {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", "GIT_WORK_TREE": "."}.items()
    }

    said = run("commit", cwd=stack, env=hooked)

    assert said.status == 0
    assert git(stack, "log", "-1", "--format=%s") == "Update asky from asky.yaml\n"
    assert os.listdir(tmp_path / "other") == [".git"]
