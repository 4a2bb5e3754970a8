"""Turns a report into text: one format, one module, one pure function `write(report, style)`."""

from collections.abc import Callable

from asky_gitops.formats import json, text
from asky_gitops.formats.style import Style
from asky_gitops.model.finding import Report

Write = Callable[[Report, Style], str]

FORMATS: dict[str, Write] = {"text": text.write, "json": json.write}
"""Every format by the name `--format` knows it by."""

__all__ = ["FORMATS", "Style", "Write"]
