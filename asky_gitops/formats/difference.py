"""How a difference of renders is written: for people, for programs, for a pull request's comment."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from asky_gitops.formats.markdown import code, plain
from asky_gitops.formats.style import Style, safe
from asky_gitops.model.difference import Difference, FieldChange, ObjectChange

MARKS = {"added": "+", "removed": "-", "changed": "~", "replaced": "±"}
COLORS = {"added": "blue", "removed": "red", "changed": "yellow", "replaced": "red"}
SHOWN_FIELDS = 12
"""Fields of one object that are shown before the rest is only counted."""


def text(difference: Difference, style: Style) -> str:
    """Return a block for each target that changes, dangerous objects first, and one line of totals."""
    blocks = ["\n".join(_target(name, changes, style)) for name, changes in difference.targets if changes]
    return "\n\n".join([*blocks, totals(difference)]) + "\n"


def totals(difference: Difference) -> str:
    """Return `1 removed, 2 changed since HEAD · 1 dangerous`."""
    changes = [change for _, its in difference.targets for change in its]
    if not changes:
        return f"nothing changes since {safe(difference.since)}"
    counts = [(kind, sum(change.kind == kind for change in changes)) for kind in MARKS]
    said = ", ".join(f"{count} {kind}" for kind, count in counts if count)
    dangerous = sum(bool(change.dangers) for change in changes)
    return f"{said} since {safe(difference.since)}" + (f" · {dangerous} dangerous" if dangerous else "")


def _target(name: str, changes: tuple[ObjectChange, ...], style: Style) -> Iterator[str]:
    yield safe(name)
    for change in changes:
        mark = style.paint(f"{MARKS[change.kind]} {change.kind}", COLORS[change.kind])
        yield f"  {mark:<10}  {safe(str(change.resource))}"
        yield from (style.paint(f"      danger: {safe(why)}", "red", bold=True) for why in change.dangers)
        yield from (f"      {_field(field)}" for field in change.fields[:SHOWN_FIELDS])
        if (more := len(change.fields) - SHOWN_FIELDS) > 0:
            yield f"      … {more} more"


def _field(change: FieldChange) -> str:
    before, after = (None if value is None else safe(value) for value in (change.before, change.after))
    if before is None:
        return f"{safe(change.field)}: {after} (new)"
    if after is None:
        return f"{safe(change.field)}: {before} (gone)"
    return f"{safe(change.field)}: {before} → {after}"


def document(difference: Difference) -> dict[str, Any]:
    """Return the difference as JSON types."""
    return {
        "schemaVersion": "1",
        "since": difference.since,
        "targets": [
            {"name": name, "changes": [_change(change) for change in changes]}
            for name, changes in difference.targets
        ],
    }


def _change(change: ObjectChange) -> dict[str, Any]:
    at = change.resource
    return {
        "kind": change.kind,
        "resource": {
            "apiVersion": at.api_version,
            "kind": at.kind,
            "namespace": at.namespace,
            "name": at.name,
        },
        "dangers": list(change.dangers),
        "fields": [{"field": one.field, "before": one.before, "after": one.after} for one in change.fields],
    }


def as_json(difference: Difference, style: Style) -> str:
    """Return the difference as one JSON document in ASCII."""
    return json.dumps(document(difference), indent=2) + "\n"


def markdown(difference: Difference, style: Style) -> str:
    """Return the difference for a pull request's comment; nothing of it is read as markup."""
    parts = [f"### What changes in the cluster: {plain(totals(difference))}"]
    for name, changes in difference.targets:
        if changes:
            rows = [row for change in changes for row in _rows(change)]
            summary = f"<details><summary><b>{plain(name)}</b>: {len(changes)} objects</summary>"
            parts.append("\n".join([summary, "", *rows, "", "</details>"]))
    return "\n\n".join(parts) + "\n"


def _rows(change: ObjectChange) -> Iterator[str]:
    yield f"- {change.kind} {code(str(change.resource))}"
    yield from (f"  - ⚠️ {plain(why)}" for why in change.dangers)
    yield from (f"  - {code(_field(field))}" for field in change.fields[:SHOWN_FIELDS])
    if (more := len(change.fields) - SHOWN_FIELDS) > 0:
        yield f"  - … {more} more"


WRITERS: dict[str, Callable[[Difference, Style], str]] = {"text": text, "json": as_json, "markdown": markdown}
"""Every format by the name `diff --format` knows it by."""
