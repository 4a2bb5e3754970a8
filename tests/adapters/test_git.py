from pathlib import Path

import pytest

from asky_gitops.adapters import git as adapter
from asky_gitops.errors import ToolError
from tests.adapters.commits import commit, in_commit, put, state
from tests.conftest import git, new_repository

ODD = [
    "with space.yaml",
    "ünï cödé.yaml",
    "new\nline.yaml",
    'quo"te.yaml',
    "[glob]*.yaml",
    "-dash.yaml",
    ":(top)x",
]


def test_the_commit_holds_our_paths_and_the_users_stay_as_they_are(base: Path) -> None:
    put(base, "ours/a", "new a\n")
    put(base, "ours/new", "new\n")
    (base / "ours/b").unlink()
    put(base, "user", "staged\n")
    put(base, "staged-new", "x\n")
    git(base, "add", "user", "staged-new")
    put(base, "user", "edited after staging\n")
    put(base, "intended", "x\n")
    git(base, "add", "--intent-to-add", "intended")
    put(base, "untracked", "x\n")

    commit(base, "ours/a", "ours/b", "ours/new")

    assert in_commit(base) == ["A ours/new", "D ours/b", "M ours/a"]
    assert git(base, "status", "--porcelain").splitlines() == [
        " A intended",
        "A  staged-new",
        "MM user",
        "?? untracked",
    ]
    assert git(base, "show", ":user") == "staged\n"
    assert git(base, "log", "-1", "--format=%an <%ae> %s") == "Asky <asky@example.org> made\n"


def test_ours_equal_the_commit_whatever_was_staged_of_them(base: Path) -> None:
    put(base, "ours/a", "staged\n")
    git(base, "add", "ours/a")
    put(base, "ours/a", "on disk\n")
    git(base, "rm", "--quiet", "--cached", "ours/b")
    put(base, "ours/b", "new b\n")
    put(base, "ours/intended", "x\n")
    git(base, "add", "--intent-to-add", "ours/intended")

    commit(base, "ours/a", "ours/b", "ours/intended")

    assert git(base, "show", "HEAD:ours/a") == "on disk\n"
    assert in_commit(base) == ["A ours/intended", "M ours/a", "M ours/b"]
    assert git(base, "status", "--porcelain") == ""


def test_renames_and_staged_deletions_of_ours_are_committed(base: Path) -> None:
    git(base, "mv", "ours/a", "ours/moved")
    git(base, "rm", "--quiet", "ours/b")
    git(base, "mv", "user", "user-moved")

    commit(base, "ours/a", "ours/b", "ours/moved")

    assert in_commit(base) == ["A ours/moved", "D ours/a", "D ours/b"]
    assert git(base, "status", "--porcelain") == "R  user -> user-moved\n"


def test_a_branch_without_a_commit_gets_its_first(repo: Path) -> None:
    put(repo, "ours/a", "a\n")
    put(repo, "user", "user\n")
    git(repo, "add", "user")

    commit(repo, "ours/a")

    assert in_commit(repo) == ["A ours/a"]
    assert git(repo, "status", "--porcelain") == "A  user\n"


@pytest.mark.parametrize("name", ODD)
def test_any_file_name_is_taken_as_it_is(base: Path, name: str) -> None:
    put(base, f"ours/{name}", "new\n")
    put(base, "ours/other.yaml", "x\n")

    commit(base, f"ours/{name}")

    assert in_commit(base) == [f"A ours/{name}"]
    assert git(base, "status", "--porcelain") == "?? ours/other.yaml\n"


def test_a_linked_work_tree_commits_to_its_own_branch(base: Path, tmp_path: Path) -> None:
    git(base, "worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    put(tmp_path / "linked", "ours/a", "new\n")
    before = state(base)[1:]

    commit(tmp_path / "linked", "ours/a")

    assert git(tmp_path / "linked", "log", "--format=%s").splitlines() == ["made", "first"]
    assert git(tmp_path / "linked", "status", "--porcelain") == ""
    assert state(base)[1:] == before


def test_inside_a_submodule_the_commit_is_the_submodules(base: Path, tmp_path: Path) -> None:
    outer = new_repository(tmp_path / "outer")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(base), "sub")
    git(outer / "sub", "config", "user.name", "Asky")
    git(outer / "sub", "config", "user.email", "asky@example.org")
    put(outer / "sub", "ours/a", "new\n")

    commit(outer / "sub", "ours/a")

    assert in_commit(outer / "sub") == ["M ours/a"]
    assert git(outer, "status", "--porcelain").splitlines() == ["A  .gitmodules", "AM sub"]


def test_a_root_below_the_top_of_the_repository_names_its_own_paths(base: Path) -> None:
    put(base, "stack/ours", "x\n")
    put(base, "ours/a", "not ours here\n")
    repository = adapter.open_repository(base / "stack")
    draft = adapter.draft(repository, repository.head(), ["ours"])

    assert repository.changed(repository.tree_of(repository.head()), draft.tree) == ["ours"]
    assert sorted(draft.tracked) == ["../ours/a", "../ours/b", "../user", "ours"]
    assert draft.modified == {"../ours/a"}
    commit(base / "stack", "ours")
    assert in_commit(base) == ["A stack/ours"]


def test_index_version_4_and_many_files_are_no_obstacle(base: Path) -> None:
    for key, value in (("index.version", "4"), ("feature.manyFiles", "true"), ("core.splitIndex", "true")):
        git(base, "config", key, value)
    git(base, "update-index", "--index-version", "4")
    put(base, "ours/a", "new\n")
    put(base, "ours/new", "new\n")

    commit(base, "ours/a", "ours/new")

    assert in_commit(base) == ["A ours/new", "M ours/a"]
    assert git(base, "status", "--porcelain") == ""


def test_line_ends_are_gits_business(base: Path) -> None:
    git(base, "config", "core.autocrlf", "true")
    git(base, "config", "core.safecrlf", "true")
    put(base, "ours/a", "new\r\nlines\r\n")

    commit(base, "ours/a")

    assert git(base, "cat-file", "blob", "HEAD:ours/a") == "new\nlines\n"
    assert git(base, "status", "--porcelain") == ""


def test_a_sparse_checkout_keeps_what_it_leaves_out(base: Path) -> None:
    put(base, "elsewhere/x", "x\n")
    git(base, "add", "--all")
    git(base, "commit", "--quiet", "--message", "second")
    git(base, "sparse-checkout", "set", "--cone", "ours")
    put(base, "ours/a", "new\n")
    put(base, "outside/new", "new\n")

    commit(base, "ours/a", "outside/new")

    assert in_commit(base) == ["A outside/new", "M ours/a"]
    assert git(base, "ls-tree", "-r", "--name-only", "HEAD", "elsewhere") == "elsewhere/x\n"
    assert git(base, "status", "--porcelain") == ""


def test_a_path_inside_a_submodule_is_gits_one_line(base: Path, tmp_path: Path) -> None:
    inner = new_repository(tmp_path / "inner")
    git(inner, "commit", "--quiet", "--allow-empty", "--message", "x")
    git(base, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")
    git(base, "commit", "--quiet", "--message", "sub")
    put(base, "sub/ours", "x\n")
    before = state(base)

    with pytest.raises(ToolError, match=r"^git update-index failed: .*sub/ours"):
        commit(base, "sub/ours")
    assert state(base) == before
