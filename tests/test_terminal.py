"""What a person sees who waits, types half a word, or meets a bug."""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.cli import schema
from asky_gitops.cli.main import main
from tests.conftest import Outcome
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
