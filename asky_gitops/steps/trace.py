"""`trace`: which lines set a field of an object, from the one that decides down to where it began."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from asky_gitops.adapters.engine import Engine
from asky_gitops.adapters.engine_replies import Answer
from asky_gitops.errors import InputError, Many, Refused
from asky_gitops.findings.conceal import conceal
from asky_gitops.findings.field import dotted, followed
from asky_gitops.findings.redact import secretive
from asky_gitops.model.finding import Layer, Traced
from asky_gitops.model.finding import Path as Field
from asky_gitops.model.manifest import ResourceRef
from asky_gitops.steps.build import errors_of, outline, refuse_unfinished, sources, started
from asky_gitops.steps.check_targets import targets
from asky_gitops.steps.generate_origin import Origins
from asky_gitops.tree.ownership import GENERATED

PAYLOADS = frozenset({"data", "stringData", "binaryData", "args", "command", "annotations"})
"""Fields whose values are the user's own: shown only where they look like structure."""


def trace(root: Path, name: str, field: str, overlays: Sequence[str] = ()) -> list[Traced]:
    """Return where `field` of the object `name` (KIND/NAME) comes from, one answer for targets that agree.

    `field` is written like `spec.containers[web].image`. Raises Refused where no target has such an object or
    the object no such field, Many when a target cannot be rendered.
    """
    kind, slash, own = name.partition("/")
    if not slash or not kind or not own:
        raise InputError(f'"{name}" names no object', hint="write KIND/NAME, such as Deployment/auth")
    refuse_unfinished(root)
    with started() as engine:
        wanted, _ = targets(engine, root, outline(root), (), overlays, None)
        answers = engine.build(root, wanted, objects=True)
        if problems := [answer.problem for answer in answers if answer.problem]:
            read = {file for answer in answers if answer.problem for file in answer.target.closure}
            raise Many(errors_of(problems, sources(root, read)))
        objects = [(answer, item) for answer in answers for item in _items(answer)]
        meant = [one for one in objects if _is(one[1], kind, own)]
        if not meant:
            raise Refused(f"no overlay has a {name}", hint=_nearest(name, (item for _, item in objects)))
        found = [one for answer, item in meant if (one := _traced(engine, answer, item, field))]
    if not found:
        raise Refused(f"{name} has no field {field}", hint=_there_is(meant[0][1], field))
    origins = Origins(root)
    return [_shown(root, one, item, origins) for one, item in _shared(found)]


def _items(answer: Answer) -> list[dict[str, Any]]:
    return list((answer.input or {}).get("items") or ())


def _is(item: dict[str, Any], kind: str, name: str) -> bool:
    return str(item.get("kind")).lower() == kind.lower() and _reference(item).name == name


def _reference(item: dict[str, Any]) -> ResourceRef:
    metadata = item.get("metadata") or {}
    return ResourceRef(
        str(item.get("apiVersion")),
        str(item.get("kind")),
        metadata.get("namespace"),
        str(metadata.get("name") or ""),
    )


def _nearest(name: str, items: Iterable[dict[str, Any]]) -> str | None:
    known = {f"{one.kind}/{one.name}" for one in map(_reference, items)}
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else None


def _there_is(item: dict[str, Any], field: str) -> str:
    """Return what there is where the field's path ends."""
    path, _ = followed(item, field)
    value: Any = item
    for step in path:
        value = value[step]
    place = dotted(path) or "the object"
    if not isinstance(value, dict | list):
        return f"{place} is a single value"
    names = (
        map(str, value)
        if isinstance(value, dict)
        else (_called(index, one) for index, one in enumerate(value))
    )
    return f"{place} has {', '.join(names) or 'nothing in it'}"


def _called(index: int, one: Any) -> str:
    return str(one["name"]) if isinstance(one, dict) and "name" in one else str(index)


def _traced(
    engine: Engine, answer: Answer, item: dict[str, Any], field: str
) -> tuple[Traced, dict[str, Any]] | None:
    """Return where the field comes from in one target: what decides, then from the outermost in."""
    path, rest = followed(item, field)
    if rest or not path:
        return None
    ref = _reference(item)
    said = {"apiVersion": ref.api_version, "kind": ref.kind, "namespace": ref.namespace, "name": ref.name}
    inward = engine.trace(answer.target.name, said, path)[::-1]
    decisive = [layer for layer in inward if layer.decides]
    overridden = [layer for layer in inward if not layer.decides]
    return Traced(ref, path, (answer.target.name,), (*decisive, *overridden)), item


def _shown(root: Path, traced: Traced, item: dict[str, Any], origins: Origins) -> Traced:
    """Add what is written at each place, without secrets, and where a generated value comes from."""
    texts = sources(root, {layer.location.file for layer in traced.layers})
    vouched = not _may_be_secret(item, traced.path)
    layers = (_written(layer, texts, vouched) for layer in traced.layers)
    return replace(traced, layers=tuple(_with_origin(layer, texts, origins) for layer in layers))


def _with_origin(layer: Layer, texts: dict[str, str], origins: Origins) -> Layer:
    if not layer.generated:
        return layer
    at = layer.location
    return replace(layer, origin=origins.deciding(at.file, texts[at.file], (at.line, at.column)))


def _written(layer: Layer, texts: dict[str, str], vouched: bool) -> Layer:
    at = layer.location
    text = texts.get(at.file)
    if text is None or at.line > len(text.splitlines()):
        return layer
    source = conceal(at.file, text, vouched=[at] if vouched else [])
    line = source.line(at.line)
    end = source.column(at.line, at.end_column) if at.end_line == at.line else len(line)
    written = line[source.column(at.line, at.column) : end]
    return replace(layer, text=written, generated=GENERATED in text[:400])


def _may_be_secret(item: dict[str, Any], path: Field) -> bool:
    """Tell whether the object, the field's path or the name beside it says that its value may be a secret."""
    holder: Any = item
    for step in path[:-1]:
        holder = holder[step]
    beside = holder.get("name") if isinstance(holder, dict) and path[-1] == "value" else None
    words = [str(step) for step in path] + ([beside] if isinstance(beside, str) else [])
    return item.get("kind") == "Secret" or bool(PAYLOADS & set(words)) or any(map(secretive, words))


def _shared(found: Iterable[tuple[Traced, dict[str, Any]]]) -> list[tuple[Traced, dict[str, Any]]]:
    """Join the answers of targets that agree; each keeps the first one's object."""
    joined: dict[tuple[Any, ...], tuple[Traced, dict[str, Any]]] = {}
    for one, item in found:
        key = (one.resource, one.path, one.layers)
        before, kept = joined.get(key, (None, item))
        joined[key] = (replace(before, targets=(*before.targets, *one.targets)) if before else one, kept)
    return list(joined.values())
