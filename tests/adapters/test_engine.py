import json
import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.adapters import bundled
from asky_gitops.adapters.engine import Engine
from asky_gitops.adapters.engine_replies import Wanted
from asky_gitops.errors import ToolError

SOURCE = "sha256:fits"
CURE = "run make engine"
HELLO = {
    "id": 1,
    "type": "hello",
    "protocol": 1,
    "source": SOURCE,
    "versions": {"kustomize": "v5.8.1", "opa": "1"},
}
EKS = Wanted("eks", "overlays/eks", kustomization="overlays/eks")
Program = Callable[[str], Path]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Make a program out of Python statements; `say(…)` prints replies, `hear()` reads a request."""

    def make(body: str) -> Path:
        path = tmp_path / "engine"
        lines = [
            f"#!{sys.executable}",
            "import json, os, sys, time",
            "def say(*replies):",
            "    for reply in replies: print(json.dumps(reply), flush=True)",
            "def hear(): return json.loads(sys.stdin.readline())",
            f"hello = {HELLO!r}",
            "eks = {'id': 2, 'type': 'target', 'name': 'eks'}",
            "done = lambda number: {'id': number, 'type': 'done'}",
            "def greet(): hear(); say(hello, done(1))",
            body,
        ]
        path.write_text("\n".join(lines) + "\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return make


def real(silence: float = 60.0) -> Engine:
    return Engine(bundled.engine(), bundled.expected_source(), bundled.cure(), silence)


def pid(engine: Engine) -> int:
    return engine._child._process.pid


def alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    """A repository whose one overlay renders a ConfigMap of 3 MB."""
    folder = tmp_path / "repository" / "overlays" / "eks"
    folder.mkdir(parents=True)
    (folder / "big.txt").write_text("0123456789abcde\n" * 200_000)
    (folder / "kustomization.yaml").write_text("configMapGenerator:\n- name: big\n  files: [big.txt]\n")
    return tmp_path / "repository"


def failure(path: Path, silence: float = 5.0) -> tuple[str, str | None]:
    """Return how rendering with a program fails, and what is said to cure it."""
    with pytest.raises(ToolError) as stopped, Engine(path, SOURCE, CURE, silence) as engine:
        engine.build(Path("/"), [EKS])
    assert stopped.value.exit_code == 3
    return stopped.value.message, stopped.value.hint


def test_the_engine_says_what_it_is_made_of() -> None:
    with real() as engine:
        assert set(engine.versions()) == {"engine", "kustomize", "opa", "go"}
        assert engine.versions()["kustomize"] == "v5.8.1"


def test_an_engine_of_other_sources_is_named_as_such() -> None:
    with pytest.raises(ToolError) as stopped, Engine(bundled.engine(), "sha256:other", CURE) as engine:
        engine.versions()
    assert (stopped.value.message, stopped.value.hint) == (
        "the engine was built from other sources than this asky-gitops",
        CURE,
    )


def test_an_engine_of_another_protocol_is_named_as_such(program: Program) -> None:
    path = program("hear(); say({**hello, 'protocol': 2}, done(1))")
    assert failure(path) == ("the engine speaks another protocol than this asky-gitops", CURE)


def test_a_file_that_is_no_program_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "engine"
    path.write_bytes(b"\x7fELF not really")
    path.chmod(0o755)
    assert failure(path) == (f"{path} cannot be started: Exec format error", CURE)


def test_a_missing_program_is_one_line(tmp_path: Path) -> None:
    assert failure(tmp_path / "engine") == (f"{tmp_path}/engine is not installed or not on PATH", CURE)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("sys.exit(7)", "the engine stopped while starting (exit status 7)"),
        (
            "hear(); print('{\"id\": 1', end='', flush=True)",
            "the engine stopped while starting (exit status 0)",
        ),
        (
            "greet(); hear(); os.write(2, b'panic: p=canary\\n\\t/b/engine/a.go:42 +0x1'); sys.exit(2)",
            "the engine stopped while rendering eks (exit status 2; panic; engine/a.go:42)",
        ),
        (
            "greet(); hear(); os.write(2, b'fatal error: out of memory'); os.kill(os.getpid(), 9)",
            "the engine stopped while rendering eks (killed by SIGKILL; fatal error: out of memory)",
        ),
        ("print('no json', flush=True); time.sleep(9)", "the engine's answer cannot be understood (no JSON)"),
        ("say(7); time.sleep(9)", "the engine's answer cannot be understood (not a reply to what was asked)"),
        (
            "say({**hello, 'id': 9}); time.sleep(9)",
            "the engine's answer cannot be understood (not a reply to what was asked)",
        ),
        (
            "say(done(1)); time.sleep(9)",
            "the engine's answer cannot be understood (0 replies where one hello belongs)",
        ),
        (
            "greet(); hear(); say(done(2)); time.sleep(9)",
            "the engine's answer cannot be understood (nothing about eks)",
        ),
        (
            "greet(); hear(); say({'id': 2, 'type': 'target', 'name': 'other'}); time.sleep(9)",
            "the engine's answer cannot be understood (target other)",
        ),
        (
            "greet(); hear(); say({**eks, 'error': {'code': 'x'}}); time.sleep(9)",
            "the engine's answer cannot be understood (KeyError)",
        ),
        (
            "greet(); hear(); say({**eks, 'unjudged': 7}); time.sleep(9)",
            "the engine's answer cannot be understood (TypeError)",
        ),
        (
            "greet(); hear(); say({'id': 2, 'type': 'error', 'message': 'unknown op'}, done(2))",
            "the engine failed while rendering eks: unknown op",
        ),
    ],
)
def test_whatever_an_engine_gets_wrong_is_one_line(program: Program, body: str, message: str) -> None:
    assert failure(program(body))[0] == message


def test_an_engine_that_says_nothing_is_given_up() -> None:
    begun = time.monotonic()
    with pytest.raises(ToolError) as stopped, real(silence=0.3) as engine:
        engine.versions()
        os.kill(pid(engine), signal.SIGSTOP)
        engine.build(Path("/"), [EKS, *(Wanted(f"o{n}", "x", kustomization="x") for n in range(5))])
    assert stopped.value.message == "the engine said nothing for 0.3 s while rendering eks, o0, o1 and 3 more"
    assert time.monotonic() - begun < 5
    assert not alive(pid(engine))


def test_an_engine_that_reads_nothing_is_given_up(program: Program) -> None:
    begun = time.monotonic()
    with (
        pytest.raises(ToolError) as stopped,
        Engine(program("greet(); time.sleep(60)"), SOURCE, CURE, 0.3) as engine,
    ):
        engine.build(Path("/"), [Wanted("-", "-", text="x" * 5_000_000)])
    assert stopped.value.message == "the engine said nothing for 0.3 s while rendering -"
    assert time.monotonic() - begun < 5


def test_an_engine_killed_at_work_is_no_verdict(overlay: Path) -> None:
    with pytest.raises(ToolError) as stopped, real() as engine:
        engine.versions()
        os.kill(pid(engine), signal.SIGKILL)
        engine.build(overlay, [EKS])
    assert stopped.value.message == "the engine stopped while rendering eks (killed by SIGKILL)"


def test_requests_and_replies_of_megabytes_pass(overlay: Path, program: Program) -> None:
    with real() as engine:
        (answer,) = engine.build(overlay, [EKS])
        assert answer.problem is None
        assert answer.yaml is not None
        assert len(answer.yaml) > 3_000_000
    echo = program(
        "greet(); print('x' * 3_000_000, file=sys.stderr)\n"
        "text = hear()['targets'][0]['text']\n"
        "say({'id': 2, 'type': 'target', 'name': '-', 'yaml': text}, done(2))"
    )
    with Engine(echo, SOURCE, CURE) as engine:
        (answer,) = engine.build(Path("/"), [Wanted("-", "-", text="y" * 3_000_000)])
        assert answer.yaml == "y" * 3_000_000


def test_two_programs_that_both_want_to_talk_first_do_not_wait_for_each_other(program: Program) -> None:
    flood = "greet(); say({**eks, 'name': '-', 'yaml': 'z' * 3_000_000}); hear(); say(done(2))"
    with Engine(program(flood), SOURCE, CURE, 5) as engine:
        (answer,) = engine.build(Path("/"), [Wanted("-", "-", text="y" * 3_000_000)])
        assert answer.yaml == "z" * 3_000_000


def test_answers_come_in_the_order_asked_however_they_arrive(program: Program) -> None:
    body = "greet()\nfor t in hear()['targets'][::-1]: say({**eks, 'name': t['name']})\nsay(done(2))"
    with Engine(program(body), SOURCE, CURE) as engine:
        wanted = [Wanted(name, name, kustomization=name) for name in "abc"]
        assert [answer.target.name for answer in engine.build(Path("/"), wanted)] == ["a", "b", "c"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_whatever_ends_the_command_the_engine_is_gone(error: type[BaseException]) -> None:
    with pytest.raises(error), real() as engine:
        engine.versions()
        assert alive(pid(engine))
        raise error
    assert not alive(pid(engine))


def test_a_target_is_asked_for_as_the_protocol_says() -> None:
    asked = [
        EKS.request(60),
        Wanted("k8s", "k8s", files=("k8s/a.yaml",)).request(1.5),
        Wanted("-", "-", text="").request(60),
    ]
    assert json.loads(json.dumps(asked)) == [
        {"name": "eks", "timeoutSeconds": 60, "kustomization": "overlays/eks"},
        {"name": "k8s", "timeoutSeconds": 1.5, "files": ["k8s/a.yaml"]},
        {"name": "-", "timeoutSeconds": 60, "text": ""},
    ]
