import os
import subprocess
from pathlib import Path

import pytest

from asky_gitops.adapters.git_commit import HookRefused
from asky_gitops.errors import ToolError
from tests.adapters.commits import commit, hook, put, state
from tests.conftest import git, new_repository

REFUSED = "git, or a hook of it, refused the commit"


def test_a_hook_that_says_no_leaves_everything_as_it_was(base: Path) -> None:
    put(base, "ours/a", "staged\n")
    git(base, "add", "ours/a")
    put(base, "ours/a", "on disk\n")
    put(base, "ours/new", "new\n")
    put(base, "ours/intended", "x\n")
    git(base, "add", "--intent-to-add", "ours/intended")
    hook(base, "pre-commit", "echo no, because; exit 1")
    before = state(base)

    with pytest.raises(HookRefused) as refused:
        commit(base, "ours/a", "ours/new", "ours/intended")

    assert (refused.value.message, refused.value.words) == (
        REFUSED,
        "no, because",
    )
    assert state(base) == before


@pytest.mark.parametrize(
    "script", ["echo more >> ours/a; git add ours/a", "echo more >> ours/a", "git add extra"]
)
def test_a_hook_that_changes_what_is_committed_is_found_out_and_undone(base: Path, script: str) -> None:
    put(base, "ours/a", "staged\n")
    git(base, "add", "ours/a")
    put(base, "ours/a", "on disk\n")
    put(base, "ours/intended", "x\n")
    git(base, "add", "--intent-to-add", "ours/intended")
    put(base, "extra", "x\n")
    before = state(base)[:2]
    hook(base, "pre-commit", script)

    with pytest.raises(HookRefused) as refused:
        commit(base, "ours/a", "ours/intended")

    assert refused.value.message == "a git hook changed what was to be committed"
    assert refused.value.rewritten == (("extra",) if "extra" in script else ("ours/a",))
    assert state(base)[:2] == before
    assert " A ours/intended\n" in git(base, "status", "--porcelain")


def test_a_hook_that_changes_a_first_commit_is_undone_to_no_commit(repo: Path) -> None:
    put(repo, "ours", "x\n")
    hook(repo, "pre-commit", "echo more >> ours; git add ours")

    with pytest.raises(HookRefused):
        commit(repo, "ours")

    assert state(repo) == ("", "", "? ours\0")


def test_a_commit_that_cannot_be_signed_is_not_made(base: Path) -> None:
    git(base, "config", "commit.gpgsign", "true")
    git(base, "config", "gpg.program", "false")
    put(base, "ours/a", "new\n")
    before = state(base)

    with pytest.raises(ToolError, match=r"^git commit failed: failed to write commit object$"):
        commit(base, "ours/a")
    assert state(base) == before


def test_a_commit_is_signed_when_git_is_told_to(base: Path, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    for setting in ("gpg.format ssh", f"user.signingKey {tmp_path / 'key'}", "commit.gpgsign true"):
        git(base, "config", *setting.split(" "))
    put(base, "ours/a", "new\n")

    commit(base, "ours/a")

    assert "-----BEGIN SSH SIGNATURE-----" in git(base, "cat-file", "commit", "HEAD")


def test_what_a_hook_exports_leads_nowhere_and_the_identity_is_respected(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = new_repository(tmp_path / "other")
    for name, value in (
        ("GIT_DIR", other / ".git"),
        ("GIT_INDEX_FILE", other / "x"),
        ("GIT_WORK_TREE", other),
    ):
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody Else")
    put(base, "ours/a", "new\n")

    commit(base, "ours/a")

    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        assert os.environ.pop(name)
    assert git(base, "log", "-1", "--format=%an %cn %s") == "Somebody Else Asky made\n"
    assert list(other.iterdir()) == [other / ".git"]
