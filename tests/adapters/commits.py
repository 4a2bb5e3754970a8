"""What the tests of the adapter's commits share: how one is made, and what a repository holds of it."""

from pathlib import Path

from asky_gitops.adapters import git as adapter
from asky_gitops.adapters.git_commit import make_commit
from tests.conftest import git


def put(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text.encode())


def commit(root: Path, *paths: str) -> str:
    repository = adapter.open_repository(root)
    head = repository.head()
    return make_commit(repository, head, adapter.draft(repository, head, paths), paths, "made")


def state(root: Path) -> tuple[str, str, str]:
    """HEAD, the index entry by entry, and how both differ from the disk."""
    head = git(root, "for-each-ref")
    status = git(root, "status", "--porcelain=v2", "-z", "--untracked-files=all")
    return head, git(root, "ls-files", "--stage", "-z"), status


def in_commit(root: Path) -> list[str]:
    shown = git(root, "show", "--format=", "--name-status", "--no-renames", "-z", "HEAD").split("\0")
    return sorted(f"{kind} {path}" for kind, path in zip(shown[::2], shown[1::2], strict=False))


def hook(root: Path, name: str, script: str) -> None:
    put(root, f".git/hooks/{name}", f"#!/bin/sh\n{script}\n")
    (root / ".git/hooks" / name).chmod(0o755)
