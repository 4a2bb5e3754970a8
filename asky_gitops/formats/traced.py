"""How `trace` prints a field's history: what is written, where, and how it takes part."""

from collections.abc import Sequence

from asky_gitops.findings.field import dotted
from asky_gitops.formats.style import Style, columns, safe
from asky_gitops.model.finding import Layer, Traced

ORIGIN = "the object it patches"


def write(found: Sequence[Traced], style: Style) -> str:
    """Return a block for each answer: the object, the field, the targets, then one line a place."""
    return "\n".join(_block(one, style) for one in found)


def _block(one: Traced, style: Style) -> str:
    head = f"{safe(str(one.resource))}  {safe(dotted(one.path))}  {style.paint('in', 'dim')} "
    rows = [(safe(layer.text), _place(layer), _role(layer)) for layer in one.layers]
    widths = [max((columns(row[index]) for row in rows), default=0) for index in (0, 1)]
    lines = [
        f"  {_padded(text, min(widths[0], 40))}  {style.paint(_padded(place, widths[1]), 'blue')}  {role}"
        for text, place, role in rows
    ]
    if not rows:
        lines = ["  kustomize or Kubernetes adds it; no file sets it"]
    return "\n".join([head + safe(", ".join(one.targets)), *lines, ""])


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))


def _place(layer: Layer) -> str:
    return f"{safe(layer.location.file)}:{layer.location.line}:{layer.location.column}"


def _role(layer: Layer) -> str:
    role = "sets it" if layer.decides and layer.role == ORIGIN else layer.role
    if not layer.generated:
        return role
    origin = layer.origin
    where = f"{origin.file}:{origin.line} ({safe(origin.message)})" if origin else "asky.yaml"
    return f"{role} · generated from {where}"
