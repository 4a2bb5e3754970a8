import json
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from asky_gitops.adapters import files
from asky_gitops.adapters.files import Change
from asky_gitops.adapters.files.places import note_folder
from asky_gitops.errors import AskyError, InputError, Refused, ToolError


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a root but git's and ours, also those that were left behind by accident."""
    found = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in found
        if path.relative_to(root).parts[0] not in (".git", ".asky-gitops")
    }


def write(root: Path, *changes: Change) -> None:
    with files.locked(root):
        files.apply(root, changes)


def in_child(work: Callable[[], None]) -> str:
    """Run something in a forked child and return the error it ends with, as `Class: where: message`."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work()
            answer = "fine"
        except AskyError as error:
            answer = f"{type(error).__name__}: {error.where}: {error.message}"
        except BaseException as error:
            answer = repr(error)
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with open(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def test_files_are_made_changed_and_removed_together_and_empty_folders_go(tmp_path: Path) -> None:
    (tmp_path / "old/deep").mkdir(parents=True)
    (tmp_path / "old/deep/gone.yaml").write_bytes(b"gone")
    (tmp_path / "old/stays.txt").write_bytes(b"stays")
    (tmp_path / "script").write_bytes(b"before")
    (tmp_path / "script").chmod(0o755)

    write(
        tmp_path,
        Change("new/a/b.yaml", None, b"new"),
        Change("old/deep/gone.yaml", b"gone", None),
        Change("script", b"before", b"after"),
    )

    assert tree(tmp_path) == {"new/a/b.yaml": b"new", "old/stays.txt": b"stays", "script": b"after"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [".asky-gitops", "new", "old", "script"]
    assert stat.S_IMODE((tmp_path / "script").stat().st_mode) == 0o755
    assert not (tmp_path / "old/deep").exists()
    assert files.unfinished(tmp_path) is None


def test_notes_are_kept_where_git_does_not_see_them(repo: Path) -> None:
    write(repo, Change("a", None, b"a"))
    (repo / "stacks").mkdir()
    write(repo / "stacks", Change("b", None, b"b"))

    assert note_folder(repo) == repo / ".git/asky-gitops/top"
    assert note_folder(repo / "stacks").parent == repo / ".git/asky-gitops"
    assert note_folder(repo / "stacks") != note_folder(repo / "other")
    status = subprocess.run(
        ["git", "status", "--short"], cwd=repo, capture_output=True, text=True, check=True
    )
    assert status.stdout == "?? a\n?? stacks/\n"


def test_without_git_the_notes_ignore_themselves(tmp_path: Path) -> None:
    write(tmp_path, Change("a", None, b"a"))

    assert (tmp_path / ".asky-gitops/.gitignore").read_text() == "*\n"


def test_a_linked_work_tree_has_its_own_notes(repo: Path, tmp_path: Path) -> None:
    commit = ["git", "commit", "--quiet", "--allow-empty", "--message", "x"]
    subprocess.run(commit, cwd=repo, check=True)
    subprocess.run(["git", "worktree", "add", "--quiet", tmp_path / "linked"], cwd=repo, check=True)

    assert (
        note_folder(tmp_path / "linked")
        == tmp_path / "linked" / repo / ".git/worktrees/linked/asky-gitops/top"
    )


def test_a_file_that_changed_since_it_was_read_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"edited")

    with pytest.raises(Refused, match="the file was changed while this ran") as stopped:
        write(tmp_path, Change("a/a", None, b"new"), Change("b", b"read", b"new"))

    assert stopped.value.where == "b"
    assert tree(tmp_path) == {"b": b"edited"}
    assert not (tmp_path / "a").exists()
    assert files.unfinished(tmp_path) is None


def test_a_folder_that_cannot_be_written_is_one_line_and_nothing_is_written(shared_folder: Path) -> None:
    root = shared_folder / "root"
    (root / "closed").mkdir(parents=True)
    (root / "closed").chmod(0o555)

    def as_somebody_else() -> None:
        os.setuid(65534)
        write(root, Change("a", None, b"new"), Change("closed/b", None, b"new"))

    if os.getuid() == 0:
        os.chown(root, 65534, 65534)
        said = in_child(as_somebody_else)
    else:
        said = in_child(lambda: write(root, Change("a", None, b"new"), Change("closed/b", None, b"new")))

    assert said == "ToolError: closed/b: cannot write: Permission denied"
    assert tree(root) == {}
    assert files.unfinished(root) is None


def test_a_disk_that_takes_no_more_is_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def with_little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        write(tmp_path, Change("a", b"old", b"new"), Change("big", None, b"x" * 10_000))

    assert in_child(with_little_room) == "ToolError: big: cannot write: File too large"
    assert tree(tmp_path) == {"a": b"old"}
    assert files.unfinished(tmp_path) is None


def test_ctrl_c_while_contents_are_prepared_leaves_the_old_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    calls = iter([None, None, KeyboardInterrupt])
    fsync = os.fsync

    def interrupted(handle: int) -> None:
        if next(calls, None):
            raise KeyboardInterrupt
        fsync(handle)

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, Change("a", b"old", b"new"), Change("b/c", None, b"new"))

    assert tree(tmp_path) == {"a": b"old"}
    assert not (tmp_path / "b").exists()
    assert files.unfinished(tmp_path) is None


def test_ctrl_c_while_files_are_put_in_place_leaves_the_new_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    replace, calls = os.replace, []

    def interrupted(source: Path, target: Path) -> None:
        calls.append(target)
        if target == tmp_path / "b":
            monkeypatch.setattr(os, "replace", replace)
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, Change("a", b"old", b"new"), Change("b", None, b"new"))

    assert tree(tmp_path) == {"a": b"new", "b": b"new"}
    assert files.unfinished(tmp_path) is None


def test_a_file_edited_after_a_crash_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def crash() -> None:
        real = os.replace

        def only_the_journal(source: Path, target: Path) -> None:
            if "journal" not in str(target):
                os._exit(9)
            real(source, target)

        monkeypatch.setattr(os, "replace", only_the_journal)
        write(tmp_path, Change("a", b"old", b"new"), Change("b", None, b"new"))

    assert in_child(crash) == ""
    assert files.unfinished(tmp_path) == "an earlier run was interrupted while it wrote files"
    (tmp_path / "a").write_bytes(b"edited")

    with files.locked(tmp_path):
        assert files.recover(tmp_path)
        assert not files.recover(tmp_path)

    assert tree(tmp_path) == {"a": b"edited", "b": b"new"}


def test_a_journal_that_cannot_be_read_says_which_file_to_remove(tmp_path: Path) -> None:
    (tmp_path / ".asky-gitops").mkdir()
    (tmp_path / ".asky-gitops/journal").write_text("{")

    with files.locked(tmp_path), pytest.raises(ToolError) as stopped:
        files.recover(tmp_path)

    assert str(tmp_path / ".asky-gitops/journal") in str(stopped.value.hint)


def test_a_journal_that_came_with_a_foreign_repository_cannot_reach_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / ".asky-gitops").mkdir(parents=True)
    (tmp_path / "mine").write_bytes(b"")
    step = {"path": "../mine", "before": files.journal.fingerprint(b""), "after": None}
    journal = {"stage": "renaming", "folders": [], "steps": [step]}
    (root / ".asky-gitops/journal").write_text(json.dumps(journal))

    with files.locked(root), pytest.raises(InputError, match="is not a path inside the repository"):
        files.recover(root)

    assert (tmp_path / "mine").exists()


def test_a_second_writer_gets_one_line_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from asky_gitops.adapters import files\n"
        "with files.locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as first:
        assert first.stdout and first.stdout.readline() == "held\n"
        with pytest.raises(ToolError) as stopped, files.locked(tmp_path):
            pass
        first.kill()

    assert stopped.value.message == f"another asky-gitops (process {first.pid}) is writing here"
    with files.locked(tmp_path):
        pass


def test_a_tree_that_is_being_written_is_not_taken_for_an_interrupted_one(tmp_path: Path) -> None:
    with files.locked(tmp_path):
        (tmp_path / ".asky-gitops/journal").write_text("{}")

        assert files.unfinished(tmp_path) == f"another asky-gitops (process {os.getpid()}) is writing here"


def test_every_file_below_the_folders_is_found_and_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x").write_text("")
    for path in ("base/b/c", "base/a", "sql/a b\n"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    (tmp_path / "base/link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "base/file-link").symlink_to(tmp_path / "elsewhere/x")
    (tmp_path / "argocd").symlink_to(tmp_path / "elsewhere")

    assert list(files.walk(tmp_path, ["sql", "base", "argocd", "missing"])) == [
        "base/a",
        "base/b/c",
        "sql/a b\n",
    ]
