from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.steps.generate import generate
from tests.conftest import Outcome, git
from tests.small_stack import change, write_small_stack

Invoke = Callable[..., Outcome]
AUTH = "base/auth/deployment.yaml"
CUSTOM = "overlays/minikube/custom"


@pytest.fixture
def stack(repo: Path) -> Path:
    """A committed small stack, with a file of the user's beside it."""
    write_small_stack(repo)
    (repo / "README.md").write_text("mine\n")
    generate(repo)
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--message", "first")
    return repo


def bump(stack: Path) -> None:
    change(stack, "asky.yaml", "auth:1.0.0", "auth:1.0.1")
    generate(stack)


def state(stack: Path) -> tuple[str, str]:
    return git(stack, "for-each-ref"), git(stack, "status", "--porcelain=v2", "-z", "--untracked-files=all")


def head(stack: Path) -> str:
    return git(stack, "rev-parse", "HEAD").strip()


def refused(stack: Path, invoke: Invoke, status: int, *arguments: str) -> str:
    """Run commit, hold that it changes nothing, and return what it says."""
    before = state(stack)
    said = invoke("commit", *arguments, cwd=stack)
    assert (said.status, said.out) == (status, "")
    assert state(stack) == before
    return said.err


def test_the_users_staged_files_stay_staged_and_the_push_names_what_argo_cd_syncs(
    stack: Path, tmp_path: Path, invoke: Invoke
) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote")
    git(stack, "remote", "add", "origin", str(tmp_path / "remote"))
    git(stack, "push", "--quiet", "--set-upstream", "origin", "main")
    bump(stack)
    for name in ("README.md", "notes.txt"):
        (stack / name).write_text("staged\n")
        git(stack, "add", name)

    said = invoke("commit", "-m", "auth 1.0.1", "--push", cwd=stack)

    assert said == Outcome(
        0,
        "  generated   fresh\n"
        "  checked     1 overlay clean\n"
        f"  committed   {head(stack)[:7]}  2 files  (your 2 staged files stay staged)\n"
        "  pushed      origin/main   Argo CD will sync: asky-minikube\n",
        "",
    )
    assert git(stack, "status", "--porcelain") == "M  README.md\nA  notes.txt\n"
    assert git(tmp_path / "remote", "log", "--format=%s %an", "main") == "auth 1.0.1 Asky\nfirst Asky\n"


def test_a_rejected_push_keeps_the_commit_and_the_next_try_pushes_it(
    stack: Path, tmp_path: Path, invoke: Invoke
) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(stack), "remote")
    git(stack, "remote", "add", "origin", str(tmp_path / "remote"))
    git(stack, "fetch", "--quiet", "origin")
    git(stack, "branch", "--quiet", "--set-upstream-to", "origin/main")
    hook = tmp_path / "remote/hooks/update"
    hook.write_text("#!/bin/sh\necho closed for the night\nexit 1\n")
    hook.chmod(0o755)
    bump(stack)

    said = invoke("commit", "--push", cwd=stack)

    assert said.status == 3
    assert said.err.startswith("error: origin/main did not take the push; the commit is kept\n")
    assert "remote: closed for the night" in said.err
    assert git(stack, "rev-list", "--count", "origin/main..HEAD") == "1\n"
    hook.unlink()
    assert invoke("commit", "--push", cwd=stack).out.splitlines()[-2:] == [
        "  committed   nothing to commit",
        "  pushed      origin/main",
    ]
    assert git(tmp_path / "remote", "rev-list", "--count", "main") == "2\n"


def test_a_push_without_an_upstream_is_refused_before_the_commit(stack: Path, invoke: Invoke) -> None:
    bump(stack)

    assert refused(stack, invoke, 3, "--push") == (
        "error: the branch main has no upstream to push to\nhint: git push --set-upstream REMOTE main\n"
    )
