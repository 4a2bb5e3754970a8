"""Which pins move, which stay, and what restarts for it: two locks and two trees compared."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asky_gitops.model.lock import Lock
from asky_gitops.model.tree import File

ROLLS = {"Cluster", "DaemonSet", "Deployment", "Pooler", "StatefulSet"}
"""Kinds whose pods are replaced when what they say of them changes."""
RUNS = {"CronJob", "Job"}
"""Kinds whose next run has the new image; nothing that runs is touched."""
DRAGS = ("cloudnative-pg", "plugin-barman-cloud")
"""Operators that have a program in every pod of the database, so that their new version is the pods' too."""


@dataclass(frozen=True, slots=True)
class Move:
    """One pin that changes, by `section.name`; `before` is None for one that is new."""

    name: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One pin that differs from what this version knows and stays all the same."""

    name: str
    pin: str
    reason: str


def compared(own: Lock, known: Lock, chosen: Mapping[str, str], only: Sequence[str]) -> list[Move | Kept]:
    """Return what moves and what stays, sorted by name.

    `chosen` pins win over `known` ones; `only` limits the latter to these names, none is all. A pin from
    elsewhere (a mirror) and a newer one are somebody's decision and stay.
    """
    before, found = own.flat(), []
    for name, pin in known.flat().items():
        if name in chosen or (only and name not in only) or before.get(name) == pin:
            continue
        found.append(one(name, before.get(name), pin))
    found += [Move(name, before.get(name), pin) for name, pin in chosen.items() if before.get(name) != pin]
    return sorted(found, key=lambda each: each.name)


def one(name: str, before: str | None, after: str) -> Move | Kept:
    """Decide about one pin that differs."""
    if before is None:
        return Move(name, None, after)
    if home(before) != home(after):
        return Kept(name, before, f"not from {home(after)}")
    if version(before) > version(after):
        return Kept(name, before, f"newer than {shown(after)}")
    return Move(name, before, after)


def home(pin: str) -> str:
    """Return where a pin comes from, without its version and digest."""
    return pin.partition("@")[0].rpartition(":")[0]


def version(pin: str) -> tuple[int, ...]:
    """Return a pin's version to compare: every number of its tag, in order."""
    return tuple(map(int, re.findall(r"[0-9]+", tag(pin))))


def tag(pin: str) -> str:
    """Return a pin's version as it is written, without its digest."""
    return pin.partition("@")[0].rpartition(":")[2]


def shown(pin: str) -> str:
    """Return a pin's version for a reader, with the start of its digest."""
    _, _, digest = pin.partition("@")
    return f"{tag(pin)} ({digest[:14]})" if digest else tag(pin)


def restarts(before: Sequence[File], after: Sequence[File]) -> dict[str, list[str]]:
    """Return what a new tree restarts and what only runs anew next time, by the part of the repository.

    A part is `every overlay`, or an overlay's name. A chart's new version is an operator that restarts.
    """
    found: dict[str, list[str]] = {}
    old = objects(before)
    for (path, kind, name), manifest in objects(after).items():
        said = consequence(kind, name, old.get((path, kind, name)), manifest)
        if said:
            parts = path.split("/")
            where = parts[1] if parts[0] in ("argocd", "overlays") else "every overlay"
            found.setdefault(where, []).append(said)
    return {where: sorted(said) for where, said in sorted(found.items())}


def consequence(kind: str, name: str, old: Any, new: Any) -> str | None:
    """Return what happens to one object when its file changes, or None when nothing of its pods does."""
    if old is None or old == new:
        return None
    if kind in ROLLS and old["spec"] != new["spec"]:
        return f"{kind} {name}"
    if kind in RUNS:
        return f"{kind} {name} (its next run)"
    if kind == "Application" and "chart" in new["spec"]["source"]:
        chart = str(new["spec"]["source"]["chart"])
        more = " and PostgreSQL, one server after the other" if chart in DRAGS else ""
        return f"operator {chart}{more}"
    return None


def objects(files: Sequence[File]) -> dict[tuple[str, str, str], Any]:
    """Return the objects of a tree's manifests by file, kind and name."""
    return {
        (file.path, manifest["kind"], manifest["metadata"]["name"]): manifest
        for file in files
        if not isinstance(file.content, str)
        for manifest in file.content
        if "metadata" in manifest
    }
