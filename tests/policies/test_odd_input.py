"""Manifests are not yet validated when the policies see them: any field may be anything."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.policies.conftest import RULES, opa_reports
from tests.policies.corpus import DATA, cases, load, reported

ODD: list[Any] = [
    "text",
    5,
    -1.5,
    True,
    None,
    [],
    {},
    ["a", None],
    {"a": 1},
    [[]],
    "",
    "[",
    "a:\n - b: [",
    "\u0000",
]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every field of a document."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, child in children:
        yield (*path, step)
        yield from places(child, (*path, step))


def replaced(items: list[Any], path: tuple[str | int, ...], odd: Any) -> list[Any]:
    """Return the items with one field replaced."""
    items = copy.deepcopy(items)
    target: Any = items
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = odd
    return items


LARGE = {path.name for path in DATA.iterdir() if len(list(path.iterdir())) > 20}
GROUPS = {
    **{name: {name} for name in sorted(LARGE)},
    "all others": {path.name for path in DATA.iterdir()} - LARGE,
}


@pytest.mark.parametrize("rules", GROUPS.values(), ids=GROUPS)
def test_no_field_of_any_type_stops_the_policies(rules: set[str], tmp_path: Path) -> None:
    inputs: dict[str, dict[str, Any]] = {}
    seen: set[tuple[Any, ...]] = set()
    for case in (case for case in cases() if case.rule in rules and not case.name.endswith("-twin")):
        for path in places(case.items):
            field = (case.items[int(path[0])]["kind"], *path[1:])
            if field not in seen:
                seen.add(field)
                items = replaced(case.items, path, ODD[len(inputs) % len(ODD)])
                inputs[f"{case.rule}/{case.name} {path}"] = {
                    **case.input,
                    "items": items,
                    "sources": sources(items),
                }
    assert len(inputs) > 100
    assert all(report["rules"] == RULES for report in opa_reports(inputs, tmp_path).values())


def sources(items: list[Any]) -> list[dict[str, Any]]:
    """Return the items as every kind of source."""
    kinds = ("manifest", "patch", "data", "kustomization")
    return [
        {"file": "a.yaml", "document": i, "kind": kinds[i % 4], "object": item, "text": None}
        for i, item in enumerate(items)
    ]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_an_odd_neighbour_hides_no_finding(odd: Any, tmp_path: Path) -> None:
    neighbours = [
        odd,
        {"kind": odd},
        *(
            {"apiVersion": api, "kind": kind, "metadata": metadata, "spec": odd, "data": odd}
            for api, kind in (
                ("v1", "Service"),
                ("v1", "ConfigMap"),
                ("v1", "Secret"),
                ("apps/v1", "Deployment"),
            )
            for metadata in (odd, {"name": odd, "namespace": odd, "labels": odd, "annotations": odd})
        ),
    ]
    files = [
        next(
            path
            for path in sorted(folder.glob("*.yaml"))
            if re.search("^# (fails|warns):", path.read_text(), re.M)
        )
        for folder in DATA.iterdir()
    ]
    chosen = [load(path)[0] for path in files]
    inputs = {case.rule: {**case.input, "items": [*neighbours, *case.items, *neighbours]} for case in chosen}
    reports = opa_reports(inputs, tmp_path)
    for case in chosen:
        assert set(map(repr, case.expected)) <= set(map(repr, reported(reports[case.rule], case.rule)))
