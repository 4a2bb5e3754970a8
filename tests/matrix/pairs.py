"""Specs that hold every pair of values of some settings, made from the JSON Schema alone (values.py)."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asky_gitops.adapters import spec, yaml
from asky_gitops.errors import Many
from asky_gitops.model.stack import Stack
from asky_gitops.platforms import PLATFORMS
from asky_gitops.tree import layout
from tests.adapters.spec_cases import LOCK, MIGRATION, placed
from tests.matrix.values import SCHEMA, texts, variants, words

Axis = tuple[str, str]
"""A place in the spec and a key there."""
Row = dict[Axis, Any]
Parts = Mapping[str, dict[str, Any]]

FOLDERS = texts(SCHEMA["Database"]["properties"]["migrations"]["anyOf"][0]["pattern"])
MAJORS = "".join(
    f"  {image}-{major}: registry.example.org/{image}:{major}\n"
    for major in (14, 44)
    for image in ("postgres", "cloudnative-pg")
)
"""What the sampled values need beside the spec: a migration in every folder, an image of every version."""


@dataclass(frozen=True)
class Layout:
    """Where settings stand in a spec."""

    parts: Mapping[str, str]
    """Place to the part of the schema whose keys can be set there."""
    whole: Callable[[Parts], dict[str, Any]]
    """Returns a spec's services, database and so on around what is set in each place."""
    fixed: frozenset[Axis] = frozenset()
    needs: Callable[[Axis], Row] = field(default=lambda axis: {})
    """Returns what else a setting asks for."""

    def text(self, row: Row) -> str:
        """Write a spec."""
        parts = {part: {key: one for (at, key), one in row.items() if at == part} for part in self.parts}
        head = {
            "apiVersion": "asky-gitops.dev/v1alpha1",
            "kind": "Stack",
            "metadata": {"name": "asky"},
            "source": {"repoURL": "https://git.example.org/asky/deploy.git"},
        }
        return json.dumps({**head, **self.whole(parts)})

    def needed(self, row: Row) -> Row:
        """Return settings with what they ask for."""
        found: Row = {}
        for axis in row:
            found.update(self.needs(axis))
        return {**found, **row}


class Loader:
    """Reads specs in a folder of its own."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self.folder, self.layout = folder, layout
        self.platforms = {name: one.DEFAULTS for name, one in PLATFORMS.items()}
        placed(folder, layout.text({}))
        (folder / "asky.lock").write_text(LOCK + MAJORS, "utf-8")
        for each in FOLDERS:
            (folder / each).mkdir(parents=True)
            (folder / each / "0001_first.sql").write_text(MIGRATION, "utf-8")

    def load(self, row: Row) -> Stack | None:
        """Return the stack, or None where the spec's rules refuse it."""
        path = self.folder / "asky.yaml"
        path.write_text(self.layout.text(row), "utf-8")
        try:
            return spec.load(path, self.platforms)
        except Many:
            return None

    def grown(self, row: Row, more: list[tuple[Axis, Any]]) -> Row:
        """Add to a row as many settings as the spec's rules allow together, halving what they refuse."""
        whole = {**row, **dict(more)}
        if not more or self.load(whole):
            return whole
        half = len(more) // 2
        return self.grown(self.grown(row, more[:half]), more[half:]) if half else row


def axes(loader: Loader) -> dict[Axis, list[Any]]:
    """Return each setting with the least and the most that is sound on its own; of a choice every word."""
    made: dict[Axis, list[Any]] = {}
    for part, name in loader.layout.parts.items():
        for key, schema in SCHEMA[name]["properties"].items():
            if (axis := (part, key)) in loader.layout.fixed:
                continue
            unlike = {json.dumps(one): one for one in variants(schema)}.values()
            sound = [one for one in unlike if loader.load(loader.layout.needed({axis: one}))]
            if sound:
                made[axis] = sound if words(schema) else [*sound[:1], *sound[1:][-1:]]
    return made


def rows(loader: Loader, known: dict[Axis, list[Any]]) -> tuple[list[Stack], set[frozenset[Axis]]]:
    """Return specs that hold every pair of values, and the settings some pair of which is refused."""
    left = {
        ((one, n), (other, m))
        for one, other in itertools.combinations(known, 2)
        for n in range(len(known[one]))
        for m in range(len(known[other]))
    }
    stacks: list[Any] = []
    refused: set[frozenset[Axis]] = set()
    while left:
        seed = min(left)
        row = loader.layout.needed({axis: known[axis][n] for axis, n in seed})
        left.discard(seed)
        if loader.load(row) is None:
            refused.add(frozenset(axis for axis, _ in seed))
            continue
        tried = best(left, known, row)
        row = loader.grown(row, tried)
        for axis, one in tried:
            for other in known[axis]:
                if axis not in row and other != one:
                    row = loader.grown(row, [(axis, other)])
        left -= set(itertools.combinations(chosen(known, row), 2))
        stacks.append(loader.load(row))
    return stacks, refused


def best(left: set[Any], known: dict[Axis, list[Any]], row: Row) -> list[tuple[Axis, Any]]:
    """Return for each further setting the value that adds the most pairs."""
    there = chosen(known, row)
    for axis, values in known.items():
        if axis not in row:
            there.append((axis, max(range(len(values)), key=lambda n: gain(left, there, (axis, n)))))
    return [(axis, known[axis][n]) for axis, n in there if axis not in row]


def chosen(known: dict[Axis, list[Any]], row: Row) -> list[tuple[Axis, int]]:
    """Return which of the known values a row has."""
    return [(axis, known[axis].index(row[axis])) for axis in known if row.get(axis) in known[axis]]


def gain(left: set[Any], row: list[tuple[Axis, int]], one: tuple[Axis, int]) -> int:
    """Count the pairs that a value would add to a row."""
    return sum((other, one) in left or (one, other) in left for other in row)


def write(stack: Stack, root: Path) -> None:
    """Write the plan and the SQL it reads."""
    contents = dict.fromkeys(stack.sql, MIGRATION)
    for file in layout.plan(stack).files:
        contents[file.path] = file.content if isinstance(file.content, str) else yaml.dump(file.content)
    for path, content in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, "utf-8")
