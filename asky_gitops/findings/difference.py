"""Compares the objects of two renders field by field; what it returns is fit to be seen."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from asky_gitops.findings.conceal import NUMBER, PAYLOAD, STRUCTURE
from asky_gitops.findings.dangers import dangers, must_be_replaced
from asky_gitops.findings.field import dotted
from asky_gitops.findings.fingerprint import stable_name
from asky_gitops.findings.redact import MASK, secretive, spans
from asky_gitops.findings.values import reference
from asky_gitops.model.difference import FieldChange, Kind, ObjectChange
from asky_gitops.model.manifest import ResourceRef

Object = Mapping[str, Any]
Path = tuple[str | int, ...]
ORDER = ("removed", "replaced", "changed", "added")
LONGEST = 80
"""Characters of a value that are shown."""


def compare(before: Iterable[Object], after: Iterable[Object]) -> tuple[ObjectChange, ...]:
    """Return what changes, dangerous objects first.

    An object is the same one by group, kind, namespace and name; a generated name counts without its hash.
    """
    old, new = _by_key(before), _by_key(after)
    changes = [one for key in {**old, **new} if (one := _change(old.get(key), new.get(key)))]
    return tuple(sorted(changes, key=_order))


def _by_key(items: Iterable[Object]) -> dict[Any, Object]:
    return {_key(reference(item)): item for item in items}


def _key(at: ResourceRef) -> tuple[str, ...]:
    group = at.api_version.rpartition("/")[0]
    return (group, at.kind, at.namespace or "", stable_name(at))


def _order(change: ObjectChange) -> tuple[Any, ...]:
    at = change.resource
    return (not change.dangers, ORDER.index(change.kind), at.kind, at.namespace or "", at.name)


def _change(old: Object | None, new: Object | None) -> ObjectChange | None:
    """Return how an object changes, None when it does not."""
    if old is None or new is None:
        kind: Kind = "added" if old is None else "removed"
        one = new if old is None else old
        assert one is not None
        return ObjectChange(kind, reference(one), dangers=tuple(dangers(old, new, ())))
    if old == new:
        return None
    at = reference(new)
    paths = list(_differences(old, new, ()))
    renamed = reference(old).name != at.name
    fields = tuple(
        FieldChange(_written(path), _shown(at.kind, path, one), _shown(at.kind, path, other))
        for path, one, other in paths
        if not (renamed and path == ("metadata", "name"))
    )
    anew = renamed or must_be_replaced(old, new, [path for path, _, _ in paths])
    return ObjectChange("replaced" if anew else "changed", at, fields, tuple(dangers(old, new, paths)))


def _differences(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """Find the leaves that differ; items of a list belong together by their name."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from _differences(old.get(key), new.get(key), (*path, key))
    elif (names := _names(old)) is not None and (others := _names(new)) is not None:
        for name in {**names, **others}:
            yield from _differences(names.get(name), others.get(name), (*path, f"[{name}]"))
    elif isinstance(old, list) and isinstance(new, list):
        for number in range(max(len(old), len(new))):
            one, other = (side[number] if number < len(side) else None for side in (old, new))
            yield from _differences(one, other, (*path, number))
    elif old is None and isinstance(new, dict | list) and new:
        yield from _differences(type(new)(), new, path)
    elif new is None and isinstance(old, dict | list) and old:
        yield from _differences(old, type(old)(), path)
    elif old != new or type(old) is not type(new):
        yield path, old, new


def _names(items: Any) -> dict[str, Any] | None:
    """Return the items of a list by name, None where they have none or one occurs twice."""
    if not isinstance(items, list) or not all(
        isinstance(one, dict) and isinstance(one.get("name"), str) for one in items
    ):
        return None
    named = {one["name"]: one for one in items}
    return named if len(named) == len(items) else None


def _written(path: Path) -> str:
    """Return a path as people write it: `spec.containers[auth].image`."""
    text = ""
    for part in path:
        name = isinstance(part, str) and part.startswith("[") and part.endswith("]")
        step = str(part) if name else dotted((part,))
        text += step if name or isinstance(part, int) or step.startswith("[") else f".{step}"
    return text.removeprefix(".")


def _shown(kind: str, path: Path, value: Any) -> str | None:
    """Return a value as it may be seen: what is not known to be structure is masked."""
    if value is None:
        return None
    if isinstance(value, bool | int | float) and not _payload(kind, path):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if value in ({}, []):
        return "{}" if value == {} else "[]"
    text = str(value)
    owner = next((part for part in reversed(path) if isinstance(part, str) and not part.startswith("[")), "")
    plain = STRUCTURE.fullmatch(owner) is not None and not set(text) & set("{}=\n")
    safe = (plain or NUMBER.fullmatch(text) is not None) and not secretive(owner) and not spans(text)
    if _payload(kind, path) or not safe:
        return MASK
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _payload(kind: str, path: Path) -> bool:
    return kind == "Secret" or any(isinstance(part, str) and PAYLOAD.fullmatch(part) for part in path)
