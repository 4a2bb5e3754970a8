"""Sets one field in the text of a YAML file that people edit; every other byte stays as it is.

libyaml says where each part stands. What cannot be set in place (a block that would have to be replaced, a
file that does not parse) is left alone: the caller is told by None.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import Any

import yaml

from asky_gitops.adapters.yaml import dump

Path = tuple[str | int, ...]


def with_value(text: str, line: int, column: int, path: Path, value: Any) -> str | None:
    """Return the text with the field at `path` of the object at a place set to a value.

    `line` and `column`, from 1, are where a finding points: at the field's value, or, where the field is not
    there, at the key of its deepest parent, for an item of a list at its `name` or where it begins, for the
    object itself at its `name`.
    """
    try:
        documents = list(yaml.compose_all(text, yaml.CSafeLoader))
    except yaml.YAMLError:
        return None
    for document in documents:
        for parents, mapping, key, node in _pairs(document, ()):
            # A block starts where its first key does, and that is what is meant.
            block = isinstance(node, yaml.CollectionNode) and not node.flow_style
            if _starts(node, line, column) and not block:
                return _replaced(text, node, value)
            if _starts(key, line, column):
                if key.value == path[-1]:
                    return _replaced(text, node, value)
                return _added(text, document, parents, mapping, key, node, path, value)
        for node in _items(document):
            if _starts(node, line, column):
                return _of_item(text, node, path, value)
    return None


def _starts(node: yaml.Node, line: int, column: int) -> bool:
    return (node.start_mark.line + 1, node.start_mark.column + 1) == (line, column)


def _pairs(node: yaml.Node, parents: tuple[yaml.Node, ...]) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Find every key with its value, its mapping and the nodes around that."""
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            yield parents, node, key, inner
            yield from _pairs(inner, (*parents, node))
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _pairs(inner, (*parents, node))


def _items(node: yaml.Node) -> Iterator[yaml.Node]:
    for _, _, _, inner in _pairs(node, ()):
        if isinstance(inner, yaml.SequenceNode):
            yield from inner.value


def _of_item(text: str, node: yaml.Node, path: Path, value: Any) -> str | None:
    """Write an item of a list anew, or a field into one that has no name."""
    if isinstance(node, yaml.ScalarNode):
        return _replaced(text, node, value)
    return _into(text, node, path[_behind_list(path) :], value)


def _behind_list(path: Path) -> int:
    """Return where in a path the way goes on inside its last item of a list; 0 where there is none."""
    return max((at + 1 for at, step in enumerate(path) if isinstance(step, int)), default=0)


def _replaced(text: str, node: yaml.Node, value: Any) -> str | None:
    """Write a scalar or a flow collection anew; a block is not one piece of text."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style:
        return None
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return None
    return text[: node.start_mark.index] + _flow(value) + text[node.end_mark.index :]


def _added(
    text: str,
    document: yaml.Node,
    parents: tuple[yaml.Node, ...],
    mapping: yaml.MappingNode,
    key: yaml.Node,
    node: yaml.Node,
    path: Path,
    value: Any,
) -> str | None:
    """Write a field that is not there into its deepest parent."""
    rest: Path
    inside = _behind_list(path)
    is_item = bool(inside and parents) and isinstance(parents[-1], yaml.SequenceNode)
    if key.value in path[:-1]:
        rest, target = path[_deepest(path, _keys((*parents, mapping, node))) :], node
    elif is_item and (key.value == "name" or key is mapping.value[0][0]):
        rest, target = path[inside:], mapping
    elif key.value == "name" and not inside:
        rest, target = path, document
    else:
        return None
    if not rest or not all(isinstance(step, str) for step in rest):
        return None
    return _into(text, target, rest, value)


def _keys(nodes: Sequence[yaml.Node]) -> list[str]:
    """Return the keys on the way through nodes, each of which is inside the one before."""
    return [
        key.value
        for outer, inner in pairwise(nodes)
        if isinstance(outer, yaml.MappingNode)
        for key, one in outer.value
        if one is inner
    ]


def _deepest(path: Path, keys: Sequence[str]) -> int:
    """Return how much of a path these keys lead along.

    One name may come twice in it (`spec`), and a patch or an item of a List begins where another path does.
    """

    def along(at: int) -> tuple[bool, int, int]:
        steps = [step for step in path[: at + 1] if isinstance(step, str)]
        same = [one == other for one, other in zip(reversed(steps), reversed(keys), strict=False)]
        equal = sum(1 for _ in takewhile(bool, same))
        return equal == len(steps), equal, at

    return 1 + max(range(len(path) - 1), key=along)


def _into(text: str, target: yaml.Node, rest: Path, value: Any) -> str | None:
    """Write `rest` below a mapping; what it holds already is gone into."""
    if not isinstance(target, yaml.MappingNode):
        return None
    for key, node in target.value:
        if key.value == rest[0]:
            return _into(text, node, rest[1:], value) if len(rest) > 1 else _replaced(text, node, value)
    nested = value
    for step in reversed(rest[1:]):
        nested = {step: nested}
    if target.flow_style:
        end = target.end_mark.index - 1
        before = text[:end].rstrip()
        comma = "" if before.endswith(("{", ",")) else ", "
        return f"{before}{comma}{rest[0]}: {_flow(nested)}{text[len(before) : end]}{text[end:]}"
    return _block(text, target, {str(rest[0]): nested})


def _block(text: str, target: yaml.MappingNode, added: dict[str, Any]) -> str | None:
    """Write lines of their own behind the first key where that is one line, else before it."""
    if not target.value:
        return None
    first, inner = target.value[0]
    indent = " " * first.start_mark.column
    lines = "".join(f"{indent}{line}\n" for line in dump([added]).splitlines())
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = lines.replace("\n", newline)
    if (
        isinstance(inner, yaml.ScalarNode)
        and inner.start_mark.line == first.start_mark.line == inner.end_mark.line
    ):
        end = text.find("\n", inner.end_mark.index)
        return f"{text}{newline}{lines}" if end < 0 else text[: end + 1] + lines + text[end + 1 :]
    start = first.start_mark.index - first.start_mark.column
    if text[start : first.start_mark.index].strip():
        return None
    return text[:start] + lines + text[start:]


def _flow(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return dump([value]).removesuffix("\n").removesuffix("\n...")


def with_patch(text: str, patch: str) -> str | None:
    """Return the text of a kustomization with one more inline patch at the end of its `patches`."""
    entry = "- patch: |-\n" + "".join(f"    {line}\n" for line in patch.splitlines())
    empty = re.search(r"^patches:[ \t]*\[[ \t]*\][ \t]*(#[^\n]*)?\n?", text, re.M)
    if empty:
        return f"{text[: empty.start()]}patches:\n{entry}{text[empty.end() :]}"
    try:
        node = yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        return None
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    for key, inner in pairs:
        if key.value == "patches":
            if not isinstance(inner, yaml.SequenceNode) or inner.flow_style or not inner.value:
                return None
            indent = " " * (inner.value[0].start_mark.column - 2)
            end = inner.end_mark.index if inner.end_mark.column == 0 else len(text)
            head = text[:end] if text[:end].endswith("\n") else f"{text[:end]}\n"
            return head + re.sub(r"^(?=.)", indent, entry, flags=re.M) + text[end:]
    return f"{text.rstrip()}\npatches:\n{entry}" if pairs else None
