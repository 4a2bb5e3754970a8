"""Finds the value a finding is about, to tell whether it is still the same one. It is never shown."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from asky_gitops.model.finding import Finding
from asky_gitops.model.manifest import ResourceRef

Inputs = Mapping[str, Mapping[str, Any]]
"""Target to what the policies see of it: `items` are its rendered objects."""


class Values:
    """Rendered values by finding; where there is no rendered object, what the source says."""

    def __init__(self, load: Callable[[], Inputs], text: Callable[[str], str]) -> None:
        """`load` renders every target, once and only when it is needed; `text` reads a source file."""
        self._load = load
        self._text = text

    def __call__(self, finding: Finding) -> Any:
        """Return the value as JSON data, None for a field that is not there."""
        (target,) = finding.overlays
        item = self._items.get((target, finding.resource))
        return self._written(finding) if item is None else _at(item, finding.path)

    def _written(self, finding: Finding) -> Any:
        at = finding.location
        if at is None:
            return None
        lines = self._text(at.file).splitlines()[at.line - 1 : at.end_line]
        if lines:
            lines[-1] = lines[-1][: at.end_column - 1]
            lines[0] = lines[0][at.column - 1 :]
        return lines

    @cached_property
    def _items(self) -> dict[Any, Any]:
        return {
            (target, reference(item)): item
            for target, input in self._load().items()
            for item in input["items"]
        }


def reference(item: Mapping[str, Any]) -> ResourceRef:
    """Return what identifies a rendered object, however odd it is."""
    meta = item.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    said = (item.get("apiVersion"), item.get("kind"), meta.get("name"))
    api_version, kind, name = ("" if one is None else str(one) for one in said)
    return ResourceRef(api_version, kind, meta.get("namespace") or None, name)


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
