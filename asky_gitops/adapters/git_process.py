"""A git program that runs: waited for, and ended with all it started when we are interrupted."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

GRACE = 5.0
"""Seconds git has to take its lock files away before it is ended the hard way."""


def finished(process: "subprocess.Popen[bytes]") -> tuple[bytes, bytes]:
    """Return what git prints on standard output and error once it has ended.

    A signal to us alone does not reach it: it stays in our session, for it may have to ask for a passphrase.
    """
    try:
        return process.communicate()
    except BaseException:
        end(process)
        raise


def end(process: "subprocess.Popen[bytes]") -> None:
    """End git, gently first, then its hooks and transports, where the system tells them (Linux)."""
    started = descendants(process.pid)
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid in started:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGTERM)


def descendants(pid: int) -> list[int]:
    """Return the processes below one, children first."""
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in listed.read_text().split()]
    return [*found, *(one for child in found for one in descendants(child))]
