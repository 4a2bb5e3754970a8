"""Sets values of `asky.yaml`: comments, order, blank lines and quotes around them stay byte for byte."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from asky_gitops.adapters import spec_yaml
from asky_gitops.adapters.spec_spans import Span, spans
from asky_gitops.adapters.spec_yaml import Steps
from asky_gitops.adapters.yaml import is_ambiguous
from asky_gitops.errors import AskyError, InputError

PLAIN = re.compile(
    r"[A-Za-z0-9_./][A-Za-z0-9_./:@+=~-]*(?<!:)(?: [A-Za-z0-9_./(][A-Za-z0-9_./:@+=~()-]*(?<!:))*"
)
"""What needs no quotes, in a block and between brackets."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def edited(text: str, changes: Mapping[Steps, Any], file: str) -> str:
    """Return the text with each value at its steps set; a map that is missing on the way is made.

    `changes` holds plain data. Raises InputError where a value on the way is no map, and where the value
    cannot be set without another one changing (an anchor that others use).
    """
    wanted = spec_yaml.parse(text, file).data
    for steps, value in changes.items():
        wanted = with_value(wanted, steps, value, steps)
        text = _set(text, steps, value)
    if not reads_as(text, wanted, file):
        names = ", ".join(map(dotted, changes))
        raise InputError(
            f"{names} cannot be set without touching other values", file, "edit the file by hand"
        )
    return text


def dotted(steps: Steps) -> str:
    """Return the way to a value as people type it."""
    return ".".join(map(str, steps))


def reads_as(text: str, wanted: Any, file: str) -> bool:
    """Return whether a text is exactly this data."""
    try:
        return bool(spec_yaml.parse(text, file).data == wanted)
    except AskyError:
        return False


def with_value(data: Any, steps: Steps, value: Any, whole: Steps) -> Any:
    """Return plain data with one value set; raise InputError where a value on the `whole` way is no map."""
    if not steps:
        return value
    if isinstance(data, str | int | float | list) and not isinstance(data, bool):
        way = whole[: len(whole) - len(steps)]
        raise InputError(f"{dotted(way) or 'the spec'} is a value, not a map", dotted(whole))
    below = data if isinstance(data, dict) else {}
    return {**below, steps[0]: with_value(below.get(steps[0]), steps[1:], value, whole)}


def _set(text: str, steps: Steps, value: Any) -> str:
    span = spans(text)
    for depth, step in enumerate(steps):
        if span.children is None:
            return _replaced(text, span, nested(steps[depth:], value))
        if str(step) not in span.children:
            return _inserted(text, span, steps[depth:], value)
        span = span.children[str(step)][1]
    return _replaced(text, span, value)


def _replaced(text: str, span: Span, value: Any) -> str:
    """Put a value where another one is; a comment behind its key stays there."""
    new = flow(value, span.style)
    if span.flow and span.start > span.key_end and "\n" not in text[span.key_end : span.start]:
        between = text[span.start - 1] in " \t[{,"
        return text[: span.start] + ("" if between else " ") + new + text[span.end :]
    colon = text.index(":", span.key_end) + 1 if span.key_end else span.start
    behind = re.match(r"[ \t]+#[^\r\n]*", text[colon:])
    comment = behind[0] if behind and colon + behind.end() <= span.start else ""
    end = span.start + len(text[span.start : span.end].rstrip())
    return f"{text[:colon]} {new}{comment}{text[end:]}"


def _inserted(text: str, parent: Span, steps: Steps, value: Any) -> str:
    """Put a new key behind the last one of a map."""
    assert parent.children is not None
    key, below = str(steps[0]), nested(steps[1:], value)
    if parent.flow:
        last = [child for _, child in parent.children.values()]
        entry = f"{scalar(key)}: {flow(below)}"
        if last:
            return f"{text[: last[-1].end]}, {entry}{text[last[-1].end :]}"
        opening = text.index("{", parent.start) + 1
        return text[:opening] + entry + text[opening:]
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = _column(text, next(iter(parent.children.values()))[0])
    lines = block(key, below, indent, _step(text, parent, indent))
    end = text.find("\n", parent.end)
    if text[parent.end - 1 : parent.end] == "\n":
        end = parent.end - 1
    if end < 0:
        return text + newline + newline.join(lines)
    return text[: end + 1] + newline.join([*lines, ""]) + text[end + 1 :]


def _step(text: str, parent: Span, indent: int) -> int:
    """Return how far the maps in a map are set in; 0 where each is written in one line."""
    inner = (
        (child.children for _, child in parent.children.values() if not child.flow) if parent.children else ()
    )
    firsts = (next(iter(children.values()))[0] for children in inner if children)
    return next((_column(text, first) - indent for first in firsts), 0)


def block(key: str, value: Any, indent: int, step: int) -> list[str]:
    """Return the lines of a new key; with a `step` its map is set in below it, else it is one line."""
    lead = " " * indent
    if step and isinstance(value, dict) and value:
        return [
            f"{lead}{scalar(key)}:",
            *(line for name, one in value.items() for line in block(name, one, indent + step, 0)),
        ]
    return [f"{lead}{scalar(key)}: {flow(value)}"]


def nested(steps: Steps, value: Any) -> Any:
    """Return a value inside the maps that lead to it."""
    for step in reversed(steps):
        value = {str(step): value}
    return value


def flow(value: Any, style: str | None = None) -> str:
    """Return plain data as one line of YAML, a string in the quotes of the one before it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    if isinstance(value, str):
        return scalar(value, style)
    return "null" if value is None else repr(value).lower()


def scalar(text: str, style: str | None = None) -> str:
    """Return a string as one line of YAML that every reader takes for that string."""
    if style == "'" and not CONTROL.search(text):
        return "'" + text.replace("'", "''") + "'"
    if style != '"' and PLAIN.fullmatch(text) and not is_ambiguous(text):
        return text
    quoted: str = yaml.dump(text, default_style='"', allow_unicode=True, width=2**31 - 1)
    return quoted.rstrip("\n")


def _column(text: str, place: int) -> int:
    return place - (text.rfind("\n", 0, place) + 1)
