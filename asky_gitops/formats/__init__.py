"""Turns a report into text: one format, one module, one pure function `write(report, style)`."""

import importlib
from collections.abc import Callable

from asky_gitops.formats.style import Style
from asky_gitops.model.finding import Report

Write = Callable[[Report, Style], str]


def _lazy(name: str) -> Write:
    """Return a format whose module is imported when it is used."""

    def write(report: Report, style: Style) -> str:
        text = importlib.import_module(f"asky_gitops.formats.{name}").write(report, style)
        assert isinstance(text, str)
        return text

    return write


FORMATS: dict[str, Write] = {
    name: _lazy(name) for name in ("text", "json", "sarif", "junit", "github", "markdown", "html")
}
"""Every format by the name `--format` knows it by."""

__all__ = ["FORMATS", "Style", "Write"]
