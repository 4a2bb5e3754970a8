"""Fixtures every test may use: the real tools, real git repositories, the command line both ways."""

import contextlib
import io
import os
import pty
import shutil
import signal
import subprocess
import sys
import termios
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from asky_gitops.cli.main import main

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = (
    ".gitattributes",
    "asky.yaml",
    "asky.lock",
    "asky.schema.json",
    "waivers.yaml",
    "sql",
    "base",
    "overlays",
    "argocd",
    "docs/bootstrap",
)


def pytest_configure() -> None:
    """Hear Ctrl-C and a closed terminal where a shell or nohup made us deaf: children inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@dataclass(frozen=True)
class Outcome:
    """What one run of the command line gave."""

    status: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def git_starts_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the repository a hook or an editor may have pointed git at, the user's git settings, and CI."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


@pytest.fixture(autouse=True)
def nothing_is_remembered(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is found clean out of the user's cache, and each test's own out of the others'.

    What Go compiled and pip fetched stays where it is: building the engine anew takes minutes.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    for name, folder in (("GOCACHE", "go-build"), ("PIP_CACHE_DIR", "pip")):
        monkeypatch.setenv(name, os.environ.get(name) or str(cache / folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / f"cache-{uuid.uuid4().hex}"))


@pytest.fixture(scope="session")
def tool() -> Callable[[str], Path]:
    """Return the path of a development tool; a missing one is a failure, never a skip."""

    def find(name: str) -> Path:
        program = ROOT / ".tools" / "bin" / name
        if not os.access(program, os.X_OK):
            pytest.fail(f"{program} is missing: run make tools")
        return program

    return find


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints; a failure fails the test with git's own words."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def new_repository(folder: Path) -> Path:
    """Make a git repository with an identity of its own; no setting of the user's can stop a commit."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    for key, value in {
        "user.name": "Asky",
        "user.email": "asky@example.org",
        "commit.gpgsign": "false",
        "core.hooksPath": ".git/hooks",
        "core.autocrlf": "false",
        "gc.auto": "0",
    }.items():
        git(folder, "config", key, value)
    return folder


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Return an empty git repository."""
    return new_repository(tmp_path / "repo")


@pytest.fixture
def asky(repo: Path) -> Path:
    """Return a git repository that holds a committed copy of the worked example."""
    for name in EXAMPLE:
        source, target = ROOT / name, repo / name
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--message", "the worked example")
    return repo


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the worked example as `generate` writes it now; not to be changed."""
    from asky_gitops.steps.generate import generate

    folder = tmp_path_factory.mktemp("generated")
    for name in ("asky.yaml", "asky.lock"):
        shutil.copyfile(ROOT / name, folder / name)
    shutil.copytree(ROOT / "sql", folder / "sql")
    generate(folder)
    return folder


@pytest.fixture
def stack(generated: Path, tmp_path: Path) -> Path:
    """Return a repository, marked but not one of git, with a copy of the generated example to spoil."""
    shutil.copytree(generated, tmp_path / "stack")
    (tmp_path / "stack" / ".git").mkdir(exist_ok=True)
    return tmp_path / "stack"


@pytest.fixture
def committed(generated: Path, tmp_path: Path) -> Path:
    """Return a repository of git with the generated example as its one commit."""
    shutil.copytree(generated, tmp_path / "repo")
    root = new_repository(tmp_path / "repo")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "generated")
    return root


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Run the command line in this process: `invoke("check", cwd=repo)`."""

    def call(*arguments: str | Path, cwd: Path | None = None, input: bytes = b"") -> Outcome:
        if cwd is not None:
            monkeypatch.chdir(cwd)
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(input), "utf-8"))
        before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = main([str(argument) for argument in arguments])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        texts = [stream.buffer.getvalue().decode() for stream in (out, err)]
        return Outcome(status, *texts)

    return call


@pytest.fixture
def run() -> Callable[..., Outcome]:
    """Run the command line as a program of its own: `run("check", cwd=repo)`."""

    def call(
        *arguments: str | Path, cwd: Path | None = None, input: bytes = b"", env: dict[str, str] | None = None
    ) -> Outcome:
        command = [sys.executable, "-m", "asky_gitops", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=cwd, input=input, env={**os.environ, **(env or {})}, capture_output=True, check=False
        )
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


@pytest.fixture
def terminal() -> Callable[..., Outcome]:
    """Run the command line as a person sees it, on a terminal 100 columns wide: all it shows is `out`."""

    def call(
        *arguments: str | Path, cwd: Path | None = None, typed: str = "", env: dict[str, str] | None = None
    ) -> Outcome:
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(ours, (24, 100))
        command = [sys.executable, "-m", "asky_gitops", *map(str, arguments)]
        inside = {**os.environ, "TERM": "xterm", **(env or {})}
        inside.pop("NO_COLOR", None)
        with subprocess.Popen(
            command, cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, env=inside
        ) as child:
            os.close(theirs)
            os.write(ours, typed.encode())
            shown = b""
            # Linux answers EIO when the last program on the other side is gone.
            with contextlib.suppress(OSError):
                while piece := os.read(ours, 65536):
                    shown += piece
        os.close(ours)
        return Outcome(child.returncode, shown.decode().replace("\r\n", "\n"), "")

    return call


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Return an empty folder to import into."""
    (tmp_path / "stack" / ".git").mkdir(parents=True)
    return tmp_path / "stack"
