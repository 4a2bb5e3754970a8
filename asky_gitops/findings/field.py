"""Writes and reads the path of a field as people do: `spec.ports[0].port`."""

import re
from collections.abc import Sequence
from typing import Any

from asky_gitops.model.finding import Path

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
QUOTED = re.compile(r"""\[(["'])(?P<key>(?:[^\\]|\\.)*?)\1\]""")
ITEM = re.compile(r"""\[(?P<inside>[^\]"']+)\]|(?P<bare>[^.\[]+)""")


def dotted(path: Path) -> str:
    """Return `path` as text; a key that is no plain word is quoted: `metadata.annotations["a.b/c"]`."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        elif PLAIN.fullmatch(part):
            written += f".{part}"
        else:
            quoted = part.replace("\\", "\\\\").replace('"', '\\"')
            written += f'["{quoted}"]'
    return written.removeprefix(".")


def followed(value: Any, text: str) -> tuple[Path, str]:
    """Return the path that `text` means inside `value` as far as it leads, and what of `text` is left.

    `.` sets keys apart, which may hold dots themselves: of several readings the one that leads to the end
    counts. An item of a list is its index, its name, or `[key=value]`.
    """
    text = text.removeprefix(".")
    best: tuple[Path, str] = ((), text)
    if not text:
        return best
    for step, child, rest in _steps(value, text):
        path, left = followed(child, rest)
        if len(left) < len(best[1]):
            best = ((step, *path), left)
    return best


def _steps(value: Any, text: str) -> Sequence[tuple[str | int, Any, str]]:
    """Return every way to take one step: the key or index, what is there, and the text after it."""
    if isinstance(value, dict):
        if quoted := QUOTED.match(text):
            key = re.sub(r"\\(.)", r"\1", quoted["key"])
            return [(key, value[key], text[quoted.end() :])] if key in value else []
        keys = (key for key in value if re.match(rf"{re.escape(key)}(?:[.\[]|$)", text))
        return [(key, value[key], text[len(key) :]) for key in sorted(keys, key=len, reverse=True)]
    if isinstance(value, list) and (item := ITEM.match(text)):
        wanted = item["inside"] or item["bare"]
        return [
            (index, one, text[item.end() :])
            for index, one in enumerate(value)
            if str(index) == wanted or _is_called(one, wanted)
        ][:1]
    return []


def _is_called(item: Any, wanted: str) -> bool:
    key, equals, value = wanted.partition("=")
    name, value = (key, value) if equals else ("name", wanted)
    return isinstance(item, dict) and name in item and str(item[name]) == value
