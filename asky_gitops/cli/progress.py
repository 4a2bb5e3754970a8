"""What a person sees while something takes longer than a moment; on no terminal only what is done."""

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import click

from asky_gitops.formats.style import columns

CLEAR = "\r\x1b[K"


@contextmanager
def working(what: str, *, quiet: bool = False, ticking: bool = True) -> Iterator[None]:
    """Say on a terminal what takes longer than a second, on standard error, and take it back at the end.

    What is not `ticking` is said at once and never again: another program may draw on the terminal meanwhile.
    """
    if quiet or not sys.stderr.isatty():
        yield
        return
    if not ticking:
        sys.stderr.write(f"{CLEAR}  … {what}")
        sys.stderr.flush()
        try:
            yield
        finally:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
        return
    done = threading.Event()
    teller = threading.Thread(target=_tell, args=(what, done), daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _tell(what: str, done: threading.Event) -> None:
    begun = time.monotonic()
    shown = False
    while not done.wait(1.0):
        sys.stderr.write(f"{CLEAR}  … {what} {time.monotonic() - begun:.0f} s")
        sys.stderr.flush()
        shown = True
    if shown:
        sys.stderr.write(CLEAR)
        sys.stderr.flush()


class Live:
    """Lines that are done, and below them on a terminal one line that changes."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._terminal = sys.stdout.isatty()
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Leave no half a line, Ctrl-C or not."""
        self.end()

    def waiting(self, text: str) -> None:
        """Show what is being waited for, over what was shown before."""
        if self._terminal and not self._quiet:
            width = shutil.get_terminal_size((100, 24)).columns - 5
            while columns(text) > width:
                text = text[:-1]
            sys.stdout.write(f"{CLEAR}  … {text}")
            sys.stdout.flush()
            self._shown = True

    def done(self, text: str, beside: str = "") -> None:
        """Print what is done, for good."""
        self._clear()
        if not self._quiet:
            lead = f"  {click.style('✓', fg='green')} " if self._terminal else "  "
            click.echo(f"{lead}{text}   {beside}".rstrip())

    def end(self) -> None:
        """Keep the changing line as it stands and go below it."""
        if self._shown:
            click.echo()
            self._shown = False

    def _clear(self) -> None:
        if self._shown:
            sys.stdout.write(CLEAR)
            self._shown = False
