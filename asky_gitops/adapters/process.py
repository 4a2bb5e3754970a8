"""The one door to other programs: no shell, a clean environment, a time limit, nothing left running."""

import os
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from asky_gitops.errors import AskyError, ToolError

GIT_KEPT = re.compile(
    r"GIT_((AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)|EDITOR|SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|TERMINAL_PROMPT"
    r"|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|EXEC_PATH|SSL_\w+|ALLOW_PROTOCOL|PROXY_\w+"
    r"|HTTP_PROXY_AUTHMETHOD)"
)
"""Who commits, how to connect and where settings are; the rest (GIT_DIR, GIT_INDEX_FILE, …) is what git
exports to a hook and would lead a child into another repository or index (githooks(5))."""

INTERRUPTING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def clean_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment without the variables by which git tells a hook which repository it serves."""
    source = os.environ if environ is None else environ
    return {
        name: value
        for name, value in source.items()
        if not name.startswith("GIT_") or GIT_KEPT.fullmatch(name)
    }


@dataclass(frozen=True, slots=True)
class Completed:
    """What a program that ended left: its exit status (negative: the signal) and its output."""

    status: int
    stdout: bytes
    stderr: bytes


class Running:
    """A program at work: write to `stdin`, read from `stdout`; what it complains about is kept aside."""

    def __init__(self, process: "subprocess.Popen[bytes]", complaints: IO[bytes]) -> None:
        assert process.stdin and process.stdout
        self.stdin: IO[bytes] = process.stdin
        self.stdout: IO[bytes] = process.stdout
        self.timed_out = False
        self._process = process
        self._complaints = complaints

    def wait(self) -> int:
        """Wait for the end and return the exit status, negative for a signal."""
        return self._process.wait()

    def ended(self, seconds: float) -> int | None:
        """Wait at most `seconds` for the end; return the exit status, negative for a signal, or None."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stderr(self, most: int = 65536) -> bytes:
        """Return the last `most` bytes of its standard error so far."""
        number = self._complaints.fileno()
        # Not seek and read: the child writes at the same offset.
        return os.pread(number, most, max(0, os.fstat(number).st_size - most))

    def kill(self) -> None:
        """End it and everything it started."""
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def expire(self) -> None:
        """End it because its time is over."""
        self.timed_out = True
        self.kill()


@contextmanager
def running(
    argv: Sequence[str],
    *,
    cwd: Path,
    timeout: float | None = None,
    env: Mapping[str, str] | None = None,
    error: type[AskyError] = ToolError,
) -> Iterator[Running]:
    """Start a program and hold it for the length of the block; at its end it is gone, whatever happened.

    It has its own session, so that Ctrl-C reaches it through us alone. After `timeout` seconds it is
    killed: its output ends, and `timed_out` says why. `env` is added to the clean environment.
    Raises `error` when the program cannot be started.
    """
    with tempfile.TemporaryFile() as complaints, ExitStack() as at_end:
        with undisturbed():
            process = start(argv, cwd, {**clean_environment(), **(env or {})}, complaints, error)
            child = Running(process, complaints)
            clock = threading.Timer(timeout or 0, child.expire)
            at_end.callback(end, child, process, clock)
        clock.daemon = True
        if timeout is not None:
            clock.start()
        yield child


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let the signals that interrupt us wait for the end of the block: what it starts is known by then."""
    waiting: list[int] = []
    # In another thread no handler runs, and none can be set.
    numbers = INTERRUPTING if threading.current_thread() is threading.main_thread() else ()
    handlers = {number: handler for number in numbers if callable(handler := signal.getsignal(number))}
    for number in handlers:
        signal.signal(number, lambda came, _: waiting.append(came))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for came in waiting:
            signal.raise_signal(came)


def end(child: Running, process: "subprocess.Popen[bytes]", clock: threading.Timer) -> None:
    """Leave nothing of a program: not itself, not its clock, not its pipes."""
    clock.cancel()
    child.kill()
    process.wait()
    for pipe in (child.stdin, child.stdout):
        with suppress(BrokenPipeError):
            pipe.close()


def start(
    argv: Sequence[str], cwd: Path, env: dict[str, str], stderr: IO[bytes], error: type[AskyError]
) -> "subprocess.Popen[bytes]":
    """Start a program with pipes, or say in one line why it cannot be started."""
    try:
        return subprocess.Popen(
            list(argv),
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
        )
    except FileNotFoundError:
        if not cwd.is_dir():
            raise error(f"the folder {cwd} does not exist") from None
        raise error(f"{argv[0]} is not installed or not on PATH") from None
    except OSError as failure:
        raise error(f"{argv[0]} cannot be started: {failure.strerror}") from None


def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    timeout: float,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    error: type[AskyError] = ToolError,
) -> Completed:
    """Run a program to its end and return its exit status and output, whatever the status is.

    Raises `error` when it cannot be started or takes longer than `timeout` seconds.
    """
    with running(argv, cwd=cwd, timeout=timeout, env=env, error=error) as child:
        feeder = threading.Thread(target=feed, args=(child.stdin, stdin), daemon=True)
        feeder.start()
        stdout = child.stdout.read()
        status = child.wait()
        feeder.join()
        if child.timed_out:
            raise error(f"{argv[0]} did not finish within {timeout:g} s and was stopped")
        return Completed(status, stdout, child.stderr())


def feed(pipe: IO[bytes], content: bytes) -> None:
    """Write all input and close; a program that stops reading early is not an error."""
    with suppress(BrokenPipeError), pipe:
        pipe.write(content)
