"""Where each value of a YAML file begins and ends, so that one can be replaced and no other byte touched.

ruamel.yaml's round trip re-indents lists and folds long lines; a splice at the parser's own marks does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from asky_gitops.adapters.spec_yaml import Core


@dataclass
class Span:
    """One value: `text[start:end]` is its own text, without the comment or the line end behind it."""

    start: int
    end: int
    style: str | None = None
    """Of a scalar: `'`, `"`, `|`, `>` or None for plain."""
    flow: bool = True
    """Whether it can be followed by something else in its line; False for block lists, maps and texts."""
    children: "dict[str, tuple[int, Span]] | None" = None
    """Of a map: key to the place of the key and the value."""
    items: "list[Span]" = field(default_factory=list)
    """Of a list."""
    key_end: int = 0
    """Where the key ends that leads here; 0 in a list and at the top."""


def spans(text: str) -> Span:
    """Return the spans of the one document of a text that adapters/spec_yaml could read."""
    events = _events(text)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            return _span(event, events, text)
    raise AssertionError("a document that was read holds a value")


def _events(text: str) -> Iterator[Any]:
    parser = Core(text)
    while (event := parser.get_event()) is not None:
        yield event


def _span(event: Any, events: Iterator[Any], text: str) -> Span:
    start = event.start_mark.index
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(Span(start, start, None, bool(event.flow_style), {}), events, text)
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(Span(start, start, None, bool(event.flow_style)), events, text)
    end = event.end_mark.index
    style = getattr(event, "style", None)
    if style in ("|", ">"):
        # The parser counts the blank lines behind a text among it; only `+` means them.
        keeps = "+" in text[start:end].partition("\n")[0]
        return Span(start, end if keeps else start + len(text[start:end].rstrip()), style, flow=False)
    return Span(start, end, style)


def _mapping(span: Span, events: Iterator[Any], text: str) -> Span:
    assert span.children is not None
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            return _closed(span, event)
        key = _span(event, events, text)
        value = _span(next(events), events, text)
        value.key_end = key.end
        span.children[getattr(event, "value", "")] = (key.start, value)
        span.end = value.end
    raise AssertionError("a mapping that was read has an end")


def _sequence(span: Span, events: Iterator[Any], text: str) -> Span:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return _closed(span, event)
        span.items.append(_span(event, events, text))
        span.end = span.items[-1].end
    raise AssertionError("a list that was read has an end")


def _closed(span: Span, event: Any) -> Span:
    """Set the end: the closing bracket, or in block style the end of the last value."""
    if span.flow:
        span.end = event.end_mark.index
    return span
