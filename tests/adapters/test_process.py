import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from asky_gitops.adapters.process import clean_environment, run, running
from asky_gitops.errors import InputError, ToolError


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_program_gets_its_input_and_gives_its_status_and_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read() * 2)\n"
        "sys.stderr.write('hm'); sys.exit(7)"
    )

    done = run(python(code), cwd=tmp_path, timeout=20, stdin=b"\xff\x00")

    assert (done.status, done.stdout, done.stderr) == (7, b"\xff\x00\xff\x00", b"hm")


def test_megabytes_in_both_directions_do_not_block(tmp_path: Path) -> None:
    code = "import sys; d = sys.stdin.buffer.read(); sys.stderr.buffer.write(d); sys.stdout.buffer.write(d)"
    content = b"x" * 5_000_000

    done = run(python(code), cwd=tmp_path, timeout=60, stdin=content)

    assert done.stdout == content
    assert len(done.stderr) == 65536


def test_a_program_that_does_not_read_its_input_is_fine(tmp_path: Path) -> None:
    assert run(["true"], cwd=tmp_path, timeout=20, stdin=b"x" * 1_000_000).status == 0


def test_arguments_reach_the_program_as_they_are(tmp_path: Path) -> None:
    assert run(["printf", "%s", "$(id) ; *"], cwd=tmp_path, timeout=20).stdout == b"$(id) ; *"


def test_a_program_that_is_too_slow_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    code = "sleep 60 & echo $! > pid; wait"

    with pytest.raises(ToolError) as stopped:
        run(["sh", "-c", code], cwd=tmp_path, timeout=1.5)

    assert stopped.value.message == "sh did not finish within 1.5 s and was stopped"
    assert gone(int((tmp_path / "pid").read_text()))


def test_a_missing_program_is_one_line_of_the_callers_class(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^no-such-program is not installed or not on PATH$"):
        run(["no-such-program"], cwd=tmp_path, timeout=1, error=InputError)
    with pytest.raises(ToolError, match=r"/gone does not exist$"):
        run(["true"], cwd=tmp_path / "gone", timeout=1)
    with pytest.raises(ToolError, match=r" cannot be started: Permission denied$"):
        run([str(tmp_path)], cwd=tmp_path, timeout=1)


def test_leaving_the_block_ends_the_program(tmp_path: Path) -> None:
    with pytest.raises(KeyError), running(["sh", "-c", "echo $$; exec sleep 60"], cwd=tmp_path) as child:
        pid = int(child.stdout.readline())
        raise KeyError

    assert gone(pid)


def test_ctrl_c_ends_and_reaps_the_program(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from asky_gitops.adapters.process import run\n"
        "run(['sh', '-c', 'echo $$ > pid; exec sleep 60'], cwd=Path.cwd(), timeout=60)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    parent = subprocess.Popen(python(code), cwd=tmp_path, env=env, stderr=subprocess.PIPE)
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.02)

    parent.send_signal(signal.SIGINT)
    parent.communicate(timeout=20)

    assert gone(int((tmp_path / "pid").read_text()))


def test_ctrl_c_while_a_program_starts_ends_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    class Interrupted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            begun.append(self)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("asky_gitops.adapters.process.subprocess.Popen", Interrupted)
    with (
        pytest.raises(KeyboardInterrupt),
        running([sys.executable, "-c", "import time; time.sleep(600)"], cwd=tmp_path),
    ):
        pass
    [child] = begun
    assert child.returncode == -signal.SIGKILL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_child_does_not_learn_which_repository_a_hook_serves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_AUTHOR_NAME"):
        monkeypatch.setenv(name, "x")

    listed = run(["env"], cwd=tmp_path, timeout=20, env={"MARK": "1"}).stdout.decode().splitlines()

    assert {line for line in listed if line.endswith("=x")} == {"GIT_AUTHOR_NAME=x"}
    assert "MARK=1" in listed


def test_identity_and_connection_settings_stay() -> None:
    kept = {
        "GIT_AUTHOR_DATE": "1",
        "GIT_COMMITTER_EMAIL": "2",
        "GIT_SSH_COMMAND": "3",
        "GIT_CONFIG_KEY_0": "4",
        "HOME": "5",
    }

    assert clean_environment({**kept, "GIT_COMMON_DIR": "6", "GIT_OBJECT_DIRECTORY": "7"}) == kept
