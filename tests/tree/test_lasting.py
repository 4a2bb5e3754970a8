"""What a database with data cannot become is refused, with the page that says how instead."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from asky_gitops.components import cloudnative_pg, postgres
from asky_gitops.model.database import Restore
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay
from asky_gitops.tree import lasting
from tests.stacks import PINS, asky, database, eks, full_eks, minikube, view

PINNED = {
    f"{kind}-{version}": f"registry.example.org:5000/{kind}:{version}.1-trixie@sha256:{'a' * 64}"
    for kind in ("postgres", "cloudnative-pg")
    for version in (17, 18)
}
STACK = asky(pins={**PINS, **PINNED})


def changed(overlay: Overlay, **changes: Any) -> Overlay:
    """Return the overlay with another database."""
    assert overlay.database is not None
    return replace(overlay, database=replace(overlay.database, **changes))


def said(
    kind: Callable[[Any, Overlay], list[Manifest]], before: Overlay, after: Overlay, name: str
) -> list[str]:
    """Return what is said of a change of an overlay's database."""
    path = f"overlays/{before.name}/generated/postgres/{name}.yaml"
    old, new = (
        [one for one in kind(view(STACK, each), each) if one["kind"].lower() == name]
        for each in (before, after)
    )
    return [f"{error.message} ({error.hint})" for error in lasting.errors(path, old, new)]


SINGLE = minikube(STACK, database=database(storage_class="standard"))
OF_STATEFUL_SET: dict[str, tuple[dict[str, Any], str]] = {
    "a larger volume": (
        {"storage": "20Gi"},
        "cannot change the size of the volume, 10Gi to 20Gi: Kubernetes never changes it in a StatefulSet"
        ' (docs/bootstrap/minikube.md, "Move the data"; where it was never applied: '
        "`generate --overwrite overlays/minikube/generated/postgres/statefulset.yaml`)",
    ),
    "another class": (
        {"storage_class": None},
        "cannot change the storage class, standard to none: Kubernetes never changes it in a StatefulSet",
    ),
    "another major version": (
        {"version": 18},
        "cannot change the major version, 17 to 18: PostgreSQL 18 does not read the data of 17",
    ),
    "another name": (
        {"name": "other"},
        "cannot change the database's name, asky to other: the database is made once; "
        "a new name would begin an empty one",
    ),
}


@pytest.mark.parametrize("case", OF_STATEFUL_SET)
def test_what_a_stateful_set_keeps_is_refused_with_the_way_to_it(case: str) -> None:
    changes, expected = OF_STATEFUL_SET[case]
    found = said(postgres.overlay, SINGLE, changed(SINGLE, **changes), "statefulset")
    assert len(found) == 1
    assert found[0].startswith(expected)


OF_CLUSTER: dict[str, tuple[dict[str, Any], str]] = {
    "a smaller volume": (
        {"storage": "5Gi"},
        "cannot change the volume for the data, 10Gi to 5Gi: a volume grows and never shrinks",
    ),
    "the WAL back with the data": (
        {"wal": None},
        "cannot change the volume for the WAL, away: CloudNativePG never takes one away",
    ),
    "another major version": (
        {"version": 18},
        "cannot change the major version, 17 to 18: PostgreSQL 18 does not read the data of 17",
    ),
    "another name": (
        {"name": "other"},
        "cannot change the database's name, asky to other: the database is made once; "
        "a new name would begin an empty one",
    ),
    "another generation, with nothing restored into it": (
        {"generation": 2},
        "cannot change the generation, asky-db to asky-db-2: asky-db-2 would begin empty, "
        "and asky-db has the data",
    ),
}


@pytest.mark.parametrize("case", OF_CLUSTER)
def test_what_a_cluster_keeps_is_refused(case: str) -> None:
    changes, expected = OF_CLUSTER[case]
    full = full_eks(STACK)
    found = said(cloudnative_pg.overlay, full, changed(full, **changes), "cluster")
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_another_class_is_refused_for_each_volume() -> None:
    full = full_eks(STACK)
    found = said(cloudnative_pg.overlay, full, changed(full, storage_class="other"), "cluster")
    assert [one.split(":")[0] for one in found] == [
        "cannot change the storage class of the data, gp3-encrypted to other",
        "cannot change the storage class of the WAL, gp3-encrypted to other",
    ]


def test_what_can_change_changes() -> None:
    full = full_eks(STACK)
    larger = changed(full, storage="1Ti", wal="20Gi", instances=5, pooler=None, backup=None)
    assert said(cloudnative_pg.overlay, full, larger, "cluster") == []
    assert said(cloudnative_pg.overlay, eks(STACK), changed(eks(STACK), wal="5Gi"), "cluster") == []
    memory = replace(SINGLE.database.resources, memory_limit="1Gi") if SINGLE.database else None
    assert said(postgres.overlay, SINGLE, changed(SINGLE, resources=memory), "statefulset") == []


def test_a_restore_goes_through_all_its_stages_and_back() -> None:
    full = full_eks(STACK)
    stages = [
        full,
        *(changed(full, generation=2, restore=Restore(1, None, stage)) for stage in ("beside", "cut-over")),
    ]
    for before, after in [*pairwise(stages), *pairwise(reversed(stages))]:
        assert said(cloudnative_pg.overlay, before, after, "cluster") == []
    done = changed(full, generation=2, restore=Restore(1, None, "done"))
    assert said(cloudnative_pg.overlay, stages[2], done, "cluster") == []
    assert said(cloudnative_pg.overlay, done, changed(full, generation=2), "cluster") == []
