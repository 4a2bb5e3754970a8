"""What a person sees who waits, types half a word, or meets a bug."""

import os
import platform
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from asky_gitops.cli import schema
from asky_gitops.cli.main import main
from tests.conftest import Outcome, git, new_repository
from tests.servers import answering, http

Invoke = Callable[..., Outcome]
ANSWER = http(b'{"result": {"rules": 1, "findings": []}}')
PROGRAM = "import sys; from asky_gitops.cli.main import main; sys.exit(main())"


def test_what_takes_more_than_a_second_is_said_on_a_terminal_and_taken_back(
    stack: Path, terminal: Invoke
) -> None:
    with answering(ANSWER, delay=3) as (url, _):
        said = terminal("check", "--opa-url", url, cwd=stack)
    assert re.search(r"\r\x1b\[K  … judging [1-9]\d* s", said.out)
    assert "judging" not in said.out.rpartition("\r\x1b[K")[2]


def test_on_no_terminal_nothing_is_said_of_it(stack: Path, run: Invoke) -> None:
    with answering(ANSWER, delay=2) as (url, _):
        said = run("check", "--opa-url", url, cwd=stack)
    assert "judging" not in said.out + said.err


def children(pid: int) -> list[int]:
    """Return the processes that one started."""
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def engine_of(pid: int) -> int | None:
    """Return the engine that a command of ours, started by one process, runs."""
    for one in (engine for command in children(pid) for engine in children(command)):
        with suppress(OSError):
            if Path(f"/proc/{one}/exe").readlink().name == "asky-gitops-engine":
                return one
    return None


@contextmanager
def engine_that_takes_two_seconds() -> Iterator[None]:
    """Hold the engine of the next command for two seconds: real work, on a machine that is busy."""
    done = threading.Event()

    def hold() -> None:
        while not done.is_set():
            if found := engine_of(os.getpid()):
                os.kill(found, signal.SIGSTOP)
                time.sleep(2.2)
                os.kill(found, signal.SIGCONT)
                return
            time.sleep(0.005)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        yield
    finally:
        done.set()
        holder.join()


WAITED_FOR = {
    "build": (["build", "--overlay", "eks"], "rendering"),
    "check": (["check"], "judging"),
    "commit": (["commit", "-m", "first"], "judging"),
    "diff": (["diff"], "rendering both"),
    "fix": (["fix", "--diff"], "judging"),
    "graph": (["graph"], "rendering"),
    "import": (["import", "overlays/eks", "--into", "new/asky.yaml"], "reading"),
    "trace": (["trace", "Deployment/auth", "spec.replicas"], "rendering"),
}


@pytest.fixture
def committed(stack: Path) -> Path:
    """Return the worked example in a repository of git, committed, with one edit of its author's."""
    (stack / ".git").rmdir()
    new_repository(stack)
    git(stack, "add", "--all")
    git(stack, "commit", "--quiet", "--message", "first")
    return stack


@pytest.mark.parametrize("verb", WAITED_FOR)
def test_every_verb_that_may_take_longer_says_what_it_does_on_a_terminal_alone(
    committed: Path, terminal: Invoke, run: Invoke, verb: str
) -> None:
    arguments, what = WAITED_FOR[verb]
    with engine_that_takes_two_seconds():
        said = terminal(*arguments, cwd=committed)
    assert re.search(rf"\r\x1b\[K  … {what} [1-9]\d* s", said.out)
    assert f"… {what}" not in said.out.rpartition("\r\x1b[K")[2]
    with engine_that_takes_two_seconds():
        said = run(*arguments, cwd=committed)
    assert "…" not in said.err and f"… {what}" not in said.out


def test_while_git_commits_one_line_stands_still_and_is_taken_back(committed: Path, terminal: Invoke) -> None:
    (committed / "overlays/eks/custom/kustomization.yaml").open("a").write("# ours\n")
    said = terminal("commit", cwd=committed)
    assert "\r\x1b[K  … committing: git runs its hooks, and signs\r\x1b[K  generated   fresh\n" in said.out


def shell(**environment: str) -> str:
    """Run the program as a shell's completion does."""
    command = [sys.executable, "-c", PROGRAM]
    changed = {**os.environ, **environment}
    return subprocess.run(command, env=changed, capture_output=True, text=True, check=True).stdout


def completed(words: str, at: int) -> list[str]:
    """Return what the shell is offered for the word at a place."""
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(at), "_ASKY_GITOPS_COMPLETE": "bash_complete"}
    return shell(**asked).split()


def test_verbs_and_flags_are_completed() -> None:
    assert completed("asky-gitops do", 1) == ["plain,down", "plain,doctor"]
    assert completed("asky-gitops up --ti", 2) == ["plain,--timeout"]


def test_overlays_and_rules_are_completed(stack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(stack)
    assert completed("asky-gitops up --overlay", 3) == ["plain,eks", "plain,minikube"]
    assert completed("asky-gitops build --overlay mi", 3) == ["plain,minikube"]
    assert completed("asky-gitops explain exposed", 2) == ["plain,exposed-database"]
    assert completed("asky-gitops check --rule mutable", 3) == ["plain,mutable-tag"]


def test_where_there_is_no_stack_no_overlay_is_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed("asky-gitops up --overlay", 3) == []


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(name: str) -> None:
    assert f"{name}_complete" in shell(_ASKY_GITOPS_COMPLETE=f"{name}_source")


def test_a_bug_is_told_with_the_way_and_the_versions_and_without_a_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("password=sesame")

    monkeypatch.setattr(schema, "schema", fail)
    assert main(["schema", "spec"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    versions = rf"  asky-gitops 0\.1\.0, Python {re.escape(platform.python_version())}, .*\n"
    assert re.fullmatch(
        rf"error: a bug in asky-gitops: ValueError\n(  cli/\w+\.py:\d+ \w+\n)+{versions}"
        r"hint: please report the lines above; they hold no value of yours\n",
        said.err,
    )
