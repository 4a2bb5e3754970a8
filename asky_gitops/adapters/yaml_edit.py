"""Changes named top-level keys of a YAML file that people edit; every other byte stays as it is.

ruamel.yaml reads the file and says on which lines its parts are; the lines of a changed key are replaced,
the comments between them kept. The result is read again: what was not to change has not.
"""

import json
import re
from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from asky_gitops.adapters.yaml import dump
from asky_gitops.errors import InputError


def read_mapping(text: str, where: str) -> CommentedMap:
    """Read one YAML document that is a mapping. Raises InputError with line and column of what is wrong."""
    try:
        data = round_trip().load(text)
    except DuplicateKeyError as error:
        # Its own words quote both values.
        raise InputError("a key occurs twice", position(where, error)) from None
    except MarkedYAMLError as error:
        raise InputError(f"not valid YAML: {error.problem}", position(where, error)) from None
    except YAMLError as error:
        raise InputError(f"not valid YAML: {type(error).__name__}", where) from None
    if not isinstance(data, CommentedMap):
        raise InputError("a mapping with keys is needed here", where)
    return data


def with_keys(text: str, values: Mapping[str, Any], owned: tuple[str, ...], where: str) -> str:
    """Return the text with the `owned` keys set to `values`, and those not in `values` removed.

    A value is a string or a list of plain data. Raises InputError where the file cannot be read.
    """
    before = read_mapping(text, where)
    lines = text.split("\n")
    for key in owned:
        current = read_mapping("\n".join(lines), where)
        if (key in current, current.get(key)) != (key in values, values.get(key)):
            lines = with_key(lines, current, key, values.get(key), owned)
    after = "\n".join(lines)
    wanted = {key: value for key, value in before.items() if key not in owned} | dict(values)
    return after if reads_as(after, wanted) else rewritten(text, values, owned)


def with_entries(text: str, values: Mapping[tuple[str, ...], str], where: str) -> str:
    """Return the text of a mapping of mappings with these entries set, by (key, inner key).

    A new entry stands where the alphabet has it, a new mapping last. Raises InputError where the file cannot
    be read.
    """
    data = read_mapping(text, where)
    for (key, inner), value in values.items():
        within = data.setdefault(key, CommentedMap())
        if inner in within:
            within[inner] = value
        else:
            within.insert(sum(name < inner for name in within), inner, value)
    out = StringIO()
    round_trip().dump(data, out)
    return out.getvalue()


def with_key(
    lines: list[str], data: CommentedMap, key: str, value: str | list[Any] | None, owned: tuple[str, ...]
) -> list[str]:
    """Return the lines with one key set, or with `value` None removed."""
    if key not in data:
        place = insertion(lines, data, key, owned)
        return [*lines[:place], *block(key, value), *lines[place:]]
    start, end = extent(lines, data, key)
    old = data[key]
    if value is None:
        new = []
    elif (
        isinstance(value, list)
        and value
        and isinstance(old, CommentedSeq)
        and old
        and not old.fa.flow_style()
    ):
        new = merged_list(lines, start, end, old, value)
    else:
        comment = re.search(r"\s+#.*$", lines[start]) if end == start + 1 else None
        new = block(key, value)
        new[0] += comment[0] if comment else ""
    return [*lines[:start], *new, *lines[end:]]


def merged_list(lines: list[str], start: int, end: int, old: CommentedSeq, value: list[Any]) -> list[str]:
    """Return the lines of a block list with these items; an item that stays keeps its line and comments."""
    above: dict[str, list[str]] = {}
    own: dict[str, str] = {}
    first = position_of(old, 0)
    cursor = start + 1
    for index, item in enumerate(old):
        line = position_of(old, index)
        above.setdefault(identity(item), []).extend(lines[cursor:line])
        own[identity(item)] = lines[line]
        cursor = line + 1
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    new = [lines[start]]
    for item in value:
        same = identity(item)
        new += above.pop(same, [])
        new.append(own[same] if same in own else f"{indent}{dump([[item]]).rstrip()}")
    return [*new, *(line for left in above.values() for line in left), *lines[cursor:end]]


def identity(item: Any) -> str:
    """Return what tells an item from others, a plain one or one that was read with its comments."""
    return json.dumps(item, sort_keys=True, default=str)


def block(key: str, value: str | list[Any] | None) -> list[str]:
    """Return the lines of a key in the style `kustomize edit` writes."""
    return dump([{key: value}]).rstrip("\n").split("\n")


def extent(lines: list[str], data: CommentedMap, key: str) -> tuple[int, int]:
    """Return a key's first line and the line after its last; comments above the next key are not its own."""
    starts = sorted(data.lc.key(name)[0] for name in data)
    start = data.lc.key(key)[0]
    end = next((other for other in starts if other > start), len(lines))
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith(("#", "---", "..."))):
        end -= 1
    return start, end


def insertion(lines: list[str], data: CommentedMap, key: str, owned: tuple[str, ...]) -> int:
    """Return the line at which a new key belongs: behind the nearest of ours before it, else `kind`."""
    for before in (*reversed(owned[: owned.index(key)]), "kind", "apiVersion"):
        if before in data:
            return extent(lines, data, before)[1]
    return min((data.lc.key(name)[0] for name in data), default=len(lines))


def position_of(items: CommentedSeq, index: int) -> int:
    """Return the line of a list item, from 0."""
    return int(items.lc.item(index)[0])


def reads_as(text: str, wanted: Mapping[str, Any]) -> bool:
    """Return whether a text is exactly this data."""
    try:
        return bool(read_mapping(text, "") == wanted)
    except InputError:
        return False


def rewritten(text: str, values: Mapping[str, Any], owned: tuple[str, ...]) -> str:
    """Return the whole file as ruamel.yaml prints it, for forms that cannot be changed line by line."""
    data = read_mapping(text, "")
    for key in owned:
        if key in values:
            data[key] = values[key]
        else:
            data.pop(key, None)
    data.fa.set_block_style()
    out = StringIO()
    round_trip().dump(data, out)
    return out.getvalue()


def round_trip() -> YAML:
    """Return a reader and printer that keeps comments, quotes and line lengths, in kustomize's style."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 2**31 - 1
    return yaml


def position(where: str, error: MarkedYAMLError) -> str:
    """Return `file:line:column` of a YAML error."""
    mark = error.problem_mark or error.context_mark
    return f"{where}:{mark.line + 1}:{mark.column + 1}" if mark else where
