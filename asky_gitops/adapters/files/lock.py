"""One writer at a time: a lock that ends with the process that holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from asky_gitops.adapters.files.places import make_note_folder
from asky_gitops.errors import ToolError


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the lock of this root for the length of the block.

    The kernel releases it when the process ends, however it ends (flock(2)): no lock is ever stale.
    Raises ToolError when another process holds it.
    """
    path = make_note_folder(root.resolve()) / "lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        raise ToolError(f"cannot open the lock {path}: {error.strerror}") from None
    try:
        take(handle)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def take(handle: int) -> None:
    """Take the lock or say who has it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ToolError(
            f"{holder(handle)} is writing here", hint="wait for it to end, then run again"
        ) from None


def holder(handle: int) -> str:
    """Return what the holder of the lock wrote about itself."""
    pid = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
    return f"another asky-gitops (process {pid})" if pid else "another asky-gitops"


def writer(folder: Path) -> str | None:
    """Return who holds the lock in this folder of notes, or None."""
    try:
        handle = os.open(folder / "lock", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return holder(handle)
    else:
        return None
    finally:
        os.close(handle)
