"""Crashes at every write, rename and removal: each file is old or new, and the next command recovers."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from asky_gitops.adapters import files
from asky_gitops.cli.main import main
from asky_gitops.steps.generate import generate
from tests.conftest import git, new_repository
from tests.small_stack import change, write_small_stack

CRASHED = 86
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGING = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink")


class Crash:
    """Ends the process at the n-th change it makes below a folder, or at its n-th start of a program."""

    def __init__(self, root: Path, at: int) -> None:
        self.root = os.fspath(root)
        self.left = at

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        counts = event == "subprocess.Popen"
        if event == "open":
            counts = bool(arguments[2] & WRITING) and self.inside(arguments[0])
        elif event in CHANGING:
            counts = self.inside(arguments[0])
        if counts:
            self.left -= 1
            if self.left < 0:
                os._exit(CRASHED)

    def inside(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self.root)


def crashed(root: Path, at: int, work: Callable[[], object]) -> bool:
    """Run something in a forked child that ends hard at its n-th change; return whether it came that far."""
    child = os.fork()
    if child == 0:
        try:
            with open(os.devnull, "w") as nowhere:
                sys.stdout = sys.stderr = nowhere
                os.dup2(nowhere.fileno(), 1)
                os.dup2(nowhere.fileno(), 2)
                sys.addaudithook(Crash(root, at))
                work()
                os._exit(0)
        finally:
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, CRASHED), f"the run itself failed with {status} at change {at}"
    return status == CRASHED


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.relative_to(root).parts[0] not in (".git", ".asky-gitops")
    }


def whole(found: dict[str, bytes], old: dict[str, bytes], new: dict[str, bytes]) -> bool:
    """Every file is as it was or as it is to be, but for what waits under our own suffix."""
    real = {path: text for path, text in found.items() if not path.endswith(".asky-gitops-new")}
    return all(text in (old.get(path), new.get(path)) for path, text in real.items()) and all(
        path in real for path in old.keys() & new.keys()
    )


@pytest.fixture(autouse=True)
def no_power_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends leaves what it wrote with the kernel: flushing would only take its time here."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture(autouse=True)
def own_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A process that ends hard takes no temporary folder away: they go with the test's own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A generated stack whose spec now asks for changed, new and removed files, and a changed entry."""
    root = write_small_stack(new_repository(tmp_path / "before"))
    shutil.rmtree(root / ".git/hooks")
    change(root, "asky.yaml", "overlays:\n", "overlays:\n  gone: {platform: minikube}\n")
    generate(root)
    change(root, "asky.yaml", "  gone: {platform: minikube}\n", "")
    change(root, "asky.yaml", "metadata: {name: asky}", "metadata: {name: asky, namespace: shop}")
    change(root, "asky.yaml", "  auth: {", "  more: {image: ghcr.io/acme/more:1.0.0, port: 8004}\n  auth: {")
    return root


@pytest.fixture
def uncommitted(tmp_path: Path) -> Path:
    """A repository with a changed stack that is generated, and a file of the user's that is staged."""
    root = write_small_stack(new_repository(tmp_path / "uncommitted"))
    shutil.rmtree(root / ".git/hooks")
    generate(root)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "first")
    change(root, "asky.yaml", "auth:1.0.0", "auth:1.0.1")
    change(root, "asky.yaml", "  auth: {", "  more: {image: ghcr.io/acme/more:1.0.0, port: 8004}\n  auth: {")
    generate(root)
    (root / "README.md").write_text("mine\n")
    git(root, "add", "README.md")
    return root


def fresh_copy(source: Path, target: Path) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    return shutil.copytree(source, target, symlinks=True)


def status_of(verb: str, root: Path) -> int:
    """Run a verb in a folder and return its exit status."""
    here = Path.cwd()
    try:
        return main(["-C", str(root), verb])
    finally:
        os.chdir(here)


def test_generate_crashing_at_any_change_leaves_whole_files_and_the_next_run_finishes(
    before: Path, tmp_path: Path
) -> None:
    old = contents(before)
    done = fresh_copy(before, tmp_path / "done")
    generate(done)
    new = contents(done)
    assert old != new
    at, unfinished, recovered = 0, 0, {"old": 0, "new": 0}
    while True:
        root = fresh_copy(before, tmp_path / "work")
        if not crashed(root, at, partial(generate, root)):
            break
        assert whole(contents(root), old, new), f"half a file at change {at}"
        if files.unfinished(root):
            unfinished += 1
            for verb in ("build", "check", "commit"):
                assert status_of(verb, root) == 1, f"{verb} goes on at change {at}"
        else:
            assert contents(root) in (old, new), f"a mixed tree passes for a whole one at change {at}"
        with files.locked(root):
            files.recover(root)
        after = contents(root)
        assert after in (old, new), f"neither old nor new at change {at}"
        recovered["old" if after == old else "new"] += 1
        generate(root)
        assert contents(root) == new
        assert files.unfinished(root) is None
        at += 1
    assert contents(root) == new
    assert at > 60
    assert unfinished > 50
    assert min(recovered.values()) > 5


def test_commit_crashing_at_any_change_or_program_keeps_the_repository_whole(
    uncommitted: Path, tmp_path: Path
) -> None:
    done = fresh_copy(uncommitted, tmp_path / "done")
    assert status_of("commit", done) == 0
    old, new = (git(root, "rev-parse", "HEAD^{tree}") for root in (uncommitted, done))
    at, made = 0, 0
    while True:
        root = fresh_copy(uncommitted, tmp_path / "work")
        if not crashed(root, at, partial(status_of, "commit", root)):
            break
        tree = git(root, "rev-parse", "HEAD^{tree}")
        assert tree in (old, new), f"a commit of something else at change {at}"
        assert contents(root) == contents(uncommitted), f"a file was touched at change {at}"
        assert git(root, "diff", "--cached", "--name-only", "--", "README.md") == "README.md\n"
        made += tree == new
        assert status_of("commit", root) == 0, f"the next commit fails at change {at}"
        assert git(root, "rev-parse", "HEAD^{tree}") == new
        assert git(root, "rev-list", "--count", "HEAD") == "2\n"
        assert git(root, "status", "--porcelain") == "A  README.md\n"
        at += 1
    assert at > 25
    assert 0 < made < at
