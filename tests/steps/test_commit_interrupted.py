"""A signal while git works: git, its hooks and its transport are gone, and what was is as it was."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome, git, new_repository
from tests.small_stack import write_small_stack

Invoke = Callable[..., Outcome]
SLOW = "#!/bin/sh\necho $$ > {pid}\nsleep 60\n"
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def ready(tmp_path: Path, invoke: Invoke) -> Path:
    """A repository with a commit and a remote, and a stack that is generated and not yet committed."""
    root = write_small_stack(new_repository(tmp_path / "work"))
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    git(root, "remote", "add", "origin", str(tmp_path / "remote.git"))
    git(root, "commit", "--quiet", "--allow-empty", "--message", "first")
    git(root, "push", "--quiet", "--set-upstream", "origin", "HEAD")
    assert invoke("generate", cwd=root).status == 0
    return root


def slow(hook: Path) -> Path:
    """Write a hook that takes a minute and says who it is; return where it says so."""
    pid = hook.parent / f"{hook.name}.pid"
    hook.write_text(SLOW.format(pid=pid))
    hook.chmod(0o755)
    return pid


def interrupted(root: Path, pid: Path, number: int, *arguments: str) -> tuple[Outcome, int]:
    """Send a signal to the program alone once the hook runs; return what it said, and the hook's number."""
    command = [sys.executable, "-m", "asky_gitops", "commit", "-m", "made", *arguments]
    folder = root.parent / "temporary"
    folder.mkdir()
    env = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(
        command, cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + 60
        while not pid.exists() or not pid.read_text():
            assert time.monotonic() < until and process.poll() is None
            time.sleep(0.02)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert list(folder.iterdir()) == []
    return Outcome(process.returncode, out, err), int(pid.read_text())


def gone(pid: int) -> bool:
    """Tell whether a process is no more, or waits to be buried by whoever inherited it."""
    for _ in range(500):
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", SIGNALS)
def test_during_a_hook_nothing_is_committed_and_nobody_works_on(
    ready: Path, invoke: Invoke, number: int
) -> None:
    (ready / "own").write_text("own\n")
    git(ready, "add", "own")
    pid = slow(ready / ".git/hooks/pre-commit")
    before = git(ready, "for-each-ref"), git(ready, "ls-files", "--stage")

    said, hook = interrupted(ready, pid, number)

    assert said == Outcome(130, "", "\ninterrupted\n")
    assert gone(hook)
    assert (git(ready, "for-each-ref"), git(ready, "ls-files", "--stage")) == before
    assert not list((ready / ".git").glob("*.lock"))
    (ready / ".git/hooks/pre-commit").unlink()
    assert invoke("commit", "-m", "again", cwd=ready).status == 0


@pytest.mark.parametrize("number", SIGNALS)
def test_during_a_push_the_commit_stays_and_the_next_one_pushes_it(
    ready: Path, invoke: Invoke, number: int
) -> None:
    remote = ready.parent / "remote.git"
    pid = slow(remote / "hooks/pre-receive")
    before = git(remote, "for-each-ref")

    said, hook = interrupted(ready, pid, number, "--push")

    assert said == Outcome(130, "", "\ninterrupted\n")
    assert gone(hook)
    assert git(remote, "for-each-ref") == before
    assert git(ready, "log", "--format=%s") == "made\nfirst\n"
    (remote / "hooks/pre-receive").unlink()
    assert invoke("commit", "--push", cwd=ready).status == 0
    assert git(remote, "log", "--all", "--format=%s") == "made\nfirst\n"


def test_a_terminal_that_is_closed_is_not_heard_where_somebody_had_it_ignored(ready: Path) -> None:
    pid = slow(ready / ".git/hooks/pre-commit")
    (ready / ".git/hooks/pre-commit").write_text(f"#!/bin/sh\necho $$ > {pid}\nsleep 1\n")
    command = ["nohup", sys.executable, "-m", "asky_gitops", "commit"]
    with subprocess.Popen(command, cwd=ready, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not pid.exists():
            time.sleep(0.02)
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=60)
    assert process.returncode == 0
