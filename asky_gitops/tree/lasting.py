"""What a database that has data cannot become: a change of its manifest that would fail, or lose the data."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from asky_gitops.errors import Refused
from asky_gitops.model.manifest import Manifest

FILE = re.compile(r"overlays/[^/]+/generated/postgres/(cluster|statefulset)\.yaml")
"""Where a database stands."""
QUANTITY = re.compile(r"([0-9.]+)([A-Za-z]*)")
UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}
UNITS |= {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15, "E": 10**18}


@dataclass(frozen=True)
class Impossible:
    """One change that is refused: what, why, and the section of the overlay's page that says how instead."""

    change: str
    reason: str
    section: str


Named = dict[tuple[str, str], Manifest]
"""Manifests by kind and name."""
MOVE = "Move the data"
RESTORE = "Restore"
STATEFUL_SET: dict[str, tuple[str, ...]] = {
    "the size of the volume": ("volumeClaimTemplates", "0", "spec", "resources", "requests", "storage"),
    "the storage class": ("volumeClaimTemplates", "0", "spec", "storageClassName"),
    "the name of its Service": ("serviceName",),
    "the selector": ("selector", "matchLabels"),
}
"""Fields of a StatefulSet that never change, by what people call them."""


def errors(path: str, before: Iterable[Manifest], after: Iterable[Manifest]) -> Iterator[Refused]:
    """Yield an error for each change of one file that is refused, with the page that says how instead."""
    page = f"docs/bootstrap/{path.split('/')[1]}.md"
    for why in refused(before, after):
        hint = f'{page}, "{why.section}"; where it was never applied: `generate --overwrite {path}`'
        yield Refused(f"cannot change {why.change}: {why.reason}", path, hint)


def refused(before: Iterable[Manifest], after: Iterable[Manifest]) -> Iterator[Impossible]:
    """Yield what cannot become of the databases in one file."""
    old = {(one["kind"], one["metadata"]["name"]): one for one in before}
    new = {(one["kind"], one["metadata"]["name"]): one for one in after}
    for (kind, name), manifest in new.items():
        if kind in OF_KIND and (found := old.get((kind, name))):
            yield from OF_KIND[kind](found["spec"], manifest["spec"])
    yield from begun_anew(old, new)


def of_stateful_set(before: Any, after: Any) -> Iterator[Impossible]:
    """Yield changes of what Kubernetes never changes, and a version that does not read the data."""
    for what, steps in STATEFUL_SET.items():
        if at(before, steps) != at(after, steps):
            change = f"{what}, {said(at(before, steps))} to {said(at(after, steps))}"
            yield Impossible(change, "Kubernetes never changes it in a StatefulSet", MOVE)
    image = ("template", "spec", "containers", "0", "image")
    yield from another_version(at(before, image), at(after, image), MOVE)
    database = next(iter(values(before, "POSTGRES_DB")), None), next(iter(values(after, "POSTGRES_DB")), None)
    yield from another_name(*database)


def of_cluster(before: Any, after: Any) -> Iterator[Impossible]:
    """Yield what CloudNativePG refuses, or takes and does nothing about."""
    for what, key in (("the data", "storage"), ("the WAL", "walStorage")):
        old, new = before.get(key), after.get(key)
        if old and not new:
            yield Impossible(f"the volume for {what}, away", "CloudNativePG never takes one away", RESTORE)
        elif old and new and bytes_of(new["size"]) < bytes_of(old["size"]):
            change = f"the volume for {what}, {old['size']} to {new['size']}"
            yield Impossible(change, "a volume grows and never shrinks", RESTORE)
        if old and new and old.get("storageClass") != new.get("storageClass"):
            classes = f"{said(old.get('storageClass'))} to {said(new.get('storageClass'))}"
            change = f"the storage class of {what}, {classes}"
            yield Impossible(change, "volumes that are there stay as they are", RESTORE)
    yield from another_version(before["imageName"], after["imageName"], "Another major version")
    steps = ("bootstrap", "initdb", "database")
    if at(before, steps) and at(after, steps):
        yield from another_name(at(before, steps), at(after, steps))


def another_version(before: str, after: str, section: str) -> Iterator[Impossible]:
    """Yield a change of PostgreSQL's major version, as the image's tag has it."""
    old, new = (re.search(r":([0-9]+)[^:/@]*(?:@|$)", image) for image in (before, after))
    if old and new and old[1] != new[1]:
        reason = f"PostgreSQL {new[1]} does not read the data of {old[1]}"
        yield Impossible(f"the major version, {old[1]} to {new[1]}", reason, section)


def another_name(before: str | None, after: str | None) -> Iterator[Impossible]:
    """Yield a change of the database's name, which is made once, with the data."""
    if before != after:
        reason = "the database is made once; a new name would begin an empty one"
        yield Impossible(f"the database's name, {before} to {after}", reason, MOVE)


def begun_anew(
    old: dict[tuple[str, str], Manifest], new: dict[tuple[str, str], Manifest]
) -> Iterator[Impossible]:
    """Yield a Cluster that would begin empty where another one has the data."""
    had = sorted(name for kind, name in old if kind == "Cluster")
    for (kind, name), manifest in new.items():
        if kind == "Cluster" and had and name not in had and "initdb" in manifest["spec"]["bootstrap"]:
            reason = f"{name} would begin empty, and {had[0]} has the data"
            yield Impossible(f"the generation, {had[0]} to {name}", reason, RESTORE)


def at(value: Any, steps: Iterable[str]) -> Any:
    """Return what is at the end of steps through maps and lists, None where nothing is."""
    for step in steps:
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def values(spec: Any, name: str) -> Iterator[str]:
    """Yield the values of an environment variable of the first container."""
    for entry in at(spec, ("template", "spec", "containers", "0", "env")) or []:
        if entry["name"] == name:
            yield entry["value"]


def said(value: Any) -> str:
    """Return a value for a message."""
    return "none" if value is None else str(value)


def bytes_of(quantity: str) -> float:
    """Return a quantity as a number."""
    match = QUANTITY.fullmatch(quantity)
    assert match, quantity
    return float(match[1]) * UNITS[match[2]]


OF_KIND: dict[str, Callable[[Any, Any], Iterator[Impossible]]] = {
    "Cluster": of_cluster,
    "StatefulSet": of_stateful_set,
}
