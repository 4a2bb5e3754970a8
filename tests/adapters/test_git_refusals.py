import subprocess
from pathlib import Path

import pytest

from asky_gitops.adapters import git as adapter
from asky_gitops.adapters import git_commit
from asky_gitops.errors import AskyError, InputError, ToolError
from tests.conftest import git, new_repository


def put(root: Path, path: str, text: str) -> None:
    (root / path).write_text(text)


def committed(root: Path, path: str, text: str) -> None:
    put(root, path, text)
    git(root, "add", path)
    git(root, "commit", "--quiet", "--message", text)


def diverged(repo: Path) -> Path:
    """Two branches that change the same line; `main` is checked out."""
    committed(repo, "a", "base\n")
    git(repo, "switch", "--quiet", "--create", "side")
    committed(repo, "a", "side\n")
    git(repo, "switch", "--quiet", "main")
    committed(repo, "a", "main\n")
    return repo


def said(root: Path) -> tuple[type[AskyError], str | None, str]:
    with pytest.raises(AskyError) as error:
        adapter.refuse_busy(adapter.open_repository(root))
    return type(error.value), error.value.where, error.value.message


@pytest.mark.parametrize(
    ("operation", "name"),
    [("merge", "a merge"), ("rebase", "a rebase"), ("cherry-pick", "a cherry-pick"), ("revert", "a revert")],
)
def test_an_operation_in_progress_is_named(repo: Path, operation: str, name: str) -> None:
    other = diverged(repo)
    subject = "HEAD~1" if operation == "revert" else "side"
    subprocess.run(["git", operation, subject], cwd=other, capture_output=True, check=False)

    assert said(other) == (ToolError, None, f"{name} is in progress")


def test_an_unmerged_index_is_named_by_its_file(repo: Path) -> None:
    diverged(repo)
    put(repo, "a", "work\n")
    git(repo, "stash", "--quiet")
    committed(repo, "a", "other\n")
    subprocess.run(["git", "stash", "pop"], cwd=repo, capture_output=True, check=False)

    assert said(repo) == (InputError, "a", "git holds an unresolved merge conflict")


def test_an_index_lock_is_named(repo: Path) -> None:
    put(repo, ".git/index.lock", "")

    assert said(repo) == (ToolError, None, "another git process is at work here")


def test_a_quiet_repository_is_not_refused(repo: Path) -> None:
    adapter.refuse_busy(adapter.open_repository(repo))


def test_no_repository_and_a_bare_one_are_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "bare")

    with pytest.raises(ToolError, match=r"^this is not inside a git repository$"):
        adapter.open_repository(tmp_path)
    with pytest.raises(ToolError, match=r"^the git repository is bare: it has no work tree to commit from$"):
        adapter.open_repository(tmp_path / "bare")


def test_nobody_to_commit_is_refused_and_never_guessed(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repo, "config", "--unset", "user.email")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("EMAIL", raising=False)

    with pytest.raises(ToolError, match=r"^git does not know who commits$"):
        adapter.refuse_nobody(adapter.open_repository(repo))

    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ci@example.org")
    adapter.refuse_nobody(adapter.open_repository(repo))


def test_without_git_on_path_there_is_one_line(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(ToolError, match=r"^git is not installed or not on PATH$"):
        adapter.open_repository(repo)


def test_a_push_needs_a_branch_with_an_upstream(repo: Path) -> None:
    committed(repo, "a", "a\n")

    with pytest.raises(ToolError, match=r"^the branch main has no upstream to push to$"):
        git_commit.upstream(adapter.open_repository(repo))
    git(repo, "switch", "--quiet", "--detach")
    with pytest.raises(ToolError, match=r"^HEAD is detached: there is no branch to push$"):
        git_commit.upstream(adapter.open_repository(repo))


@pytest.fixture
def pushed(repo: Path, tmp_path: Path) -> Path:
    """A repository whose `main` follows `main` of a bare one beside it, at tmp_path/remote."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote")
    committed(repo, "a", "a\n")
    git(repo, "remote", "add", "origin", str(tmp_path / "remote"))
    git(repo, "push", "--quiet", "--set-upstream", "origin", "main")
    return repo


def test_a_push_goes_to_the_upstream_also_of_another_name(pushed: Path, tmp_path: Path) -> None:
    git(pushed, "switch", "--quiet", "--create", "topic/x")
    git(pushed, "push", "--quiet", "--set-upstream", "origin", "topic/x:refs/heads/deploy")
    committed(pushed, "a", "b\n")
    repository = adapter.open_repository(pushed)

    target = git_commit.upstream(repository)
    git_commit.push(repository, target)

    assert str(target) == "origin/deploy"
    assert git(tmp_path / "remote", "log", "--format=%s", "deploy") == "b\na\n"
    assert git(tmp_path / "remote", "log", "--format=%s", "main") == "a\n"


def test_a_rejected_push_says_so_in_gits_words(pushed: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "remote", "second")
    for key, value in (("user.name", "B"), ("user.email", "b@example.org")):
        git(tmp_path / "second", "config", key, value)
    committed(tmp_path / "second", "b", "b\n")
    git(tmp_path / "second", "push", "--quiet")
    committed(pushed, "a", "mine\n")
    repository = adapter.open_repository(pushed)

    with pytest.raises(ToolError) as refused:
        git_commit.push(repository, git_commit.upstream(repository))

    assert refused.value.message == "origin/main did not take the push; the commit is kept"
    assert "[rejected] (fetch first)" in str(refused.value.hint)


def test_credentials_of_a_remote_are_never_shown(pushed: Path) -> None:
    git(pushed, "remote", "set-url", "origin", "http://robot:hunter2@127.0.0.1:1/x.git")
    repository = adapter.open_repository(pushed)

    with pytest.raises(ToolError) as refused:
        git_commit.push(repository, git_commit.upstream(repository))

    assert "hunter2" not in f"{refused.value.message}{refused.value.hint}"
    assert adapter.without_credentials("To https://robot:x@y@h/r.git\nfrom https://tok@h/r git@h:r") == (
        "To https://••••@h/r.git\nfrom https://••••@h/r git@h:r"
    )


def test_ignored_files_are_named_unless_git_tracks_them(repo: Path) -> None:
    put(repo, ".gitignore", "a\nb\n")
    put(repo, "a", "")
    put(repo, "b", "")
    git(repo, "add", "--force", "a")

    assert adapter.open_repository(repo).ignored(["a", "b", "c"]) == ["b"]


def test_the_repository_is_found_from_within_and_knows_its_top(repo: Path) -> None:
    (repo / "deep/er").mkdir(parents=True)

    assert adapter.open_repository(repo / "deep/er").top == "../.."
    assert new_repository(repo / "inner") == repo / "inner"
    assert adapter.open_repository(repo / "inner").top == "."
