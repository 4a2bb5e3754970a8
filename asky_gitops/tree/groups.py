"""Which part of the tree a file belongs to: the base, which every overlay shares, or one overlay."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import get_args

from asky_gitops.errors import InputError
from asky_gitops.model.stack import Stack
from asky_gitops.tree.drift import Difference, Drift, Kind

BASE = "base"


@dataclass(frozen=True, slots=True)
class Group:
    """The files of the base, or of one overlay, and those of them that differ."""

    name: str
    files: int
    differences: tuple[Difference, ...]
    kept: tuple[str, ...]

    def count(self, kind: Kind) -> int:
        """Count the differences of one kind."""
        return Counter(difference.kind for difference in self.differences)[kind]

    def summary(self) -> str:
        """Return `unchanged`, or how many files are new, changed, gone and kept; a single one by its name."""
        counts = [f"{count} {kind}" for kind in get_args(Kind) if (count := self.count(kind))]
        parts = counts or ["unchanged"]
        if self.kept:
            parts.append(f"{len(self.kept)} kept by hand")
        single = f"    {self.differences[0].path}" if len(self.differences) == 1 else ""
        return ", ".join(parts) + single


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the tree a run is about."""

    overlays: tuple[str, ...]
    """All of the spec's, in its order."""
    wanted: frozenset[str] | None
    """The groups chosen; None is all, also those the spec no longer has."""

    @classmethod
    def of(cls, stack: Stack, overlays: Sequence[str]) -> "Scope":
        """Choose the base and these overlays. Raises InputError for one that the spec does not have."""
        for name in overlays:
            if name not in stack.overlays:
                known = ", ".join(stack.overlays) or "none"
                raise InputError(f'asky.yaml has no overlay "{name}"', hint=f"overlays: {known}")
        return cls(tuple(stack.overlays), frozenset({BASE, *overlays}) if overlays else None)

    def holds(self, path: str) -> bool:
        """Return whether the run is about this file."""
        return self.wanted is None or group_of(path, self.overlays) in self.wanted

    def groups(self, paths: Sequence[str], drift: Drift) -> tuple[Group, ...]:
        """Sort files, differences and kept files into groups."""
        where = {path: group_of(path, self.overlays) for path in paths}
        changed = {one.path: group_of(one.path, self.overlays) for one in drift.differences}
        return tuple(
            Group(
                name,
                sum(group == name for group in where.values()),
                tuple(one for one in drift.differences if changed[one.path] == name),
                tuple(path for path in drift.kept if where[path] == name),
            )
            for name in in_order({*where.values(), *changed.values()}, self.overlays)
        )


def group_of(path: str, overlays: Collection[str]) -> str:
    """Return the overlay a file is for, also of one that is no longer in the spec, else `base`."""
    parts = path.split("/")
    if parts[0] in ("overlays", "argocd") and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["docs", "bootstrap"] and len(parts) > 2:
        name = parts[2].rpartition(".")[0]
        fitting = [one for one in overlays if name == one or name.startswith(f"{one}-")]
        return max(fitting, key=len, default=BASE)
    return BASE


def in_order(names: Collection[str], overlays: Sequence[str]) -> list[str]:
    """Return the base, the overlays in the order of the spec, then those the spec no longer has."""
    left = sorted(set(names) - {BASE, *overlays})
    return [BASE, *(name for name in overlays if name in names), *left]
