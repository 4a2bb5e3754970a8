"""Manifests that are no such thing: each is refused in lines with its place, and nothing falls over."""

import copy
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from asky_gitops.adopt.found import Log
from asky_gitops.adopt.stack import adopt
from asky_gitops.errors import AskyError
from tests.conftest import ROOT, Outcome
from tests.importing import INPUTS

Invoke = Callable[..., Outcome]
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
BROKEN = {
    "no spec": ("", "spec is missing"),
    "no template": ("spec: {replicas: 1}\n", "spec.template is missing"),
    "no containers": (
        "spec: {template: {spec: {containers: []}}}\n",
        "spec.template.spec.containers is missing",
    ),
    "a container without an image": (
        "spec: {template: {spec: {containers: [{name: web}]}}}\n",
        "spec.template.spec.containers[0].image is missing",
    ),
    "a port that is a word": (
        "spec: {template: {spec: {containers: [{name: web, image: web, ports: [{containerPort: http}]}]}}}\n",
        "spec.template.spec.containers[0].ports[0].containerPort is not a number",
    ),
    "a list that is a map": (
        "spec: {template: {spec: {containers: [{name: web, image: web, env: {A: b}}]}}}\n",
        "spec.template.spec.containers[0].env is not a list",
    ),
    "a map that is a text": ("spec: {template: x}\n", "spec.template is not a map"),
}
VALUES = [None, 3, "x", "", True, [], {}, [None], [3], {"a": None}, "a/b:c@d"]
ROUNDS = 400


@pytest.mark.parametrize("name", BROKEN)
def test_what_no_cluster_would_take_is_refused_with_its_place(
    tmp_path: Path, invoke: Invoke, name: str
) -> None:
    text, fault = BROKEN[name]
    (tmp_path / "web.yaml").write_text(DEPLOYMENT + text)
    assert invoke("import", ".", cwd=tmp_path) == Outcome(
        2, "", f"error: web.yaml: Deployment web: {fault}\nnothing was written\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["web.yaml"]


def test_every_fault_is_said_at_once_and_an_empty_file_is_none(tmp_path: Path, invoke: Invoke) -> None:
    (tmp_path / "empty.yaml").write_text("")
    (tmp_path / "web.yaml").write_text(f"{DEPLOYMENT}spec: {{replicas: two, template: x}}\n")
    (tmp_path / "web.json").write_text(
        '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": 4}'
    )
    assert invoke("import", ".", cwd=tmp_path) == Outcome(
        2,
        "",
        "error: web.json: ConfigMap a: data is not a map\n"
        "error: web.yaml: Deployment web: spec.template is not a map\n"
        "error: web.yaml: Deployment web: spec.replicas is not a number\n"
        "nothing was written\n",
    )


BOMB = "".join(
    f"  {new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_aliases_that_stand_for_more_than_there_is_memory_are_refused(tmp_path: Path, invoke: Invoke) -> None:
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: &a [x]\n"
    (tmp_path / "bomb.yaml").write_text(f"{head}{BOMB}")
    assert invoke("import", ".", cwd=tmp_path) == Outcome(
        2, "", "error: bomb.yaml: its aliases stand for more than 5000000 values\n"
    )


def documents() -> Iterator[list[tuple[str, Any]]]:
    """Yield the documents of each input, and of our own overlays' generated files."""
    for folder in [*sorted(INPUTS.iterdir()), ROOT / "base", ROOT / "overlays"]:
        files = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml", ".json"))
        yield [
            (path.name, document)
            for path in files
            if path.stem != "kustomization"
            for document in yaml.load_all(path.read_text("utf-8"), yaml.CSafeLoader)
        ]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (map or list, key or index) of everything in plain data."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


@pytest.mark.parametrize("seed", range(5))
def test_nothing_that_is_spoiled_anywhere_makes_it_fall_over(seed: int) -> None:
    chance = random.Random(seed)
    every = list(documents())
    outcomes = set()
    for _ in range(ROUNDS):
        spoiled = copy.deepcopy(chance.choice(every))
        for _ in range(chance.choice([1, 1, 2, 3])):
            holder, key = chance.choice([each for _, document in spoiled for each in places(document)])
            if isinstance(holder, dict) and chance.random() < 0.25:
                del holder[key]
            else:
                holder[key] = copy.deepcopy(chance.choice(VALUES))
        try:
            outcomes.add(bool(adopt(spoiled, "spoiled", Log())))
        except AskyError:
            outcomes.add(False)
    assert outcomes == {True, False}
