"""Values for the keys of a spec, made from its JSON Schema alone."""

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from asky_gitops.adapters.spec_leaves import Wrong
from asky_gitops.adapters.spec_scalars import SCALARS

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "asky.schema.json").read_text("utf-8"))["$defs"]
AMOUNT = 2**30
"""A number that is as good an amount of memory, or of storage, as of anything else."""


BEYOND = ("1Gi", "2Gi", "10.0.0.0/8", "192.0.2.0/24", "2026-03-01T12:00:00Z", "2026-03-01T12:00:00.5Z")
"""Values whose arithmetic no pattern can say: amounts, networks, moments."""


@functools.cache
def texts(pattern: str) -> tuple[str, str]:
    """Return two strings of a pattern that its own reader takes."""
    readers = [one.read for one in SCALARS.values() if pattern in patterns(one.schema)]
    parsed = parser.parse(pattern)
    made = [matching(parsed, full) for full in (False, True)]
    found = [one for one in (*made, *BEYOND) if re.search(pattern, one) and taken(one, readers)]
    assert len(found) > 1 and found[0] != found[1], (pattern, made)
    return found[0], found[1]


def patterns(schema: Mapping[str, Any]) -> list[Any]:
    """Return the pattern of a kind of value, or those of its ways to be said."""
    return [one.get("pattern") for one in schema.get("anyOf", [schema])]


def taken(text: str, readers: list[Callable[[Any], Any]]) -> bool:
    """Say whether every reader takes a string as it is."""
    try:
        return all(read(text) == text for read in readers)
    except Wrong:
        return False


def matching(parsed: Any, full: bool) -> str:
    """Return the least that a parsed pattern matches, or what has a little of everything."""
    return "".join(one_of(str(kind), what, full) for kind, what in parsed)


def one_of(kind: str, what: Any, full: bool) -> str:
    """Return what one part of a pattern matches; what looks ahead matches nothing."""
    match kind:
        case "LITERAL":
            return chr(what)
        case "IN":
            kind, first = what[0]
            if str(kind) in ("CATEGORY", "NEGATE"):
                return "a"
            if str(kind) == "RANGE":
                return chr(min(first[0] + full, first[1]))
            return chr(what[-1][1]) if full and str(what[-1][0]) == "LITERAL" else chr(first)
        case "NOT_LITERAL" | "ANY":
            return "a"
        case "MAX_REPEAT":
            least, most, inner = what
            return str(matching(inner, full) * min(max(least, int(full)), most))
        case "SUBPATTERN":
            return matching(what[-1], full)
        case "BRANCH":
            return matching(what[1][0], full)
    return ""


def value(schema: dict[str, Any], full: bool, place: int = 0) -> Any:
    """Return the least that a schema takes, or all that it knows; `place` sets neighbours apart."""
    if "$ref" in schema:
        return value(SCHEMA[schema["$ref"].removeprefix("#/$defs/")], full)
    if "anyOf" in schema:
        choices = [one for one in schema["anyOf"] if one.get("type") != "null"]
        return value(choices[-1 if full else 0], full, place)
    if "enum" in schema:
        return schema["enum"][-1 if full else 0]
    match schema["type"]:
        case "boolean":
            return not full
        case "integer":
            return min(schema["maximum"], schema["minimum"] + (30 + place if full else 0))
        case "number":
            return AMOUNT
        case "string":
            return texts(schema["pattern"])[full] if "pattern" in schema else "on"
        case "array":
            return [value(schema["items"], full)] if full else []
    return mapped(schema, full)


def mapped(schema: dict[str, Any], full: bool) -> dict[str, Any]:
    """Return a map with what it must have, or with everything."""
    if "propertyNames" in schema:
        name = value(schema["propertyNames"], full)
        return {name: value(schema["additionalProperties"], full)} if full else {}
    wanted = schema["properties"] if full else schema.get("required", [])
    return {key: value(schema["properties"][key], full, place) for place, key in enumerate(wanted)}


def variants(schema: dict[str, Any]) -> Iterator[Any]:
    """Yield the least, the most, and between them each word of a choice, one key alone and all but one."""
    least, most = value(schema, False), value(schema, True)
    yield least
    yield from words(schema)
    if isinstance(most, dict):
        for key, inner in most.items():
            yield {**(least if isinstance(least, dict) else {}), key: inner}
            if isinstance(inner, dict):
                yield from ({key: {each: inner[each]}} for each in inner)
        yield from ({each: most[each] for each in most if each != key} for key in most)
    yield most


def words(schema: dict[str, Any]) -> list[Any]:
    """Return the words that a setting chooses from, none where it is no choice."""
    return [word for one in schema.get("anyOf", [schema]) for word in one.get("enum", [])]
