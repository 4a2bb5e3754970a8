"""What the tests of `commit` share: a change, what a repository holds, and how a refusal leaves it."""

from collections.abc import Callable
from pathlib import Path

from asky_gitops.steps.generate import generate
from tests.conftest import Outcome, git
from tests.small_stack import change

Invoke = Callable[..., Outcome]


def bump(small: Path) -> None:
    change(small, "asky.yaml", "auth:1.0.0", "auth:1.0.1")
    generate(small)


def state(small: Path) -> tuple[str, str]:
    return git(small, "for-each-ref"), git(small, "status", "--porcelain=v2", "-z", "--untracked-files=all")


def head(small: Path) -> str:
    return git(small, "rev-parse", "HEAD").strip()


def refused(small: Path, invoke: Invoke, status: int, *arguments: str) -> str:
    """Run commit, hold that it changes nothing, and return what it says."""
    before = state(small)
    said = invoke("commit", *arguments, cwd=small)
    assert (said.status, said.out) == (status, "")
    assert state(small) == before
    return said.err
