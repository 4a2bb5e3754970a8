"""A patch is right when the real kustomize makes the one manifest of the other."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from asky_gitops.adapters import yaml
from asky_gitops.components.services import objects
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Autoscale, Egress, Job, Resources, Secret, Service, ServiceDatabase, Stack
from asky_gitops.model.workload import Metrics, Probe, Probes, Shutdown, Volume
from asky_gitops.tree import kustomize as form
from asky_gitops.tree import patches
from tests.stacks import asky, job, service
from tests.tree.conftest import Rendered

T = TypeVar("T")


def some(chance: random.Random, values: list[T]) -> list[T]:
    """Return some of the values, in any order."""
    return chance.sample(values, chance.randint(0, len(values)))


def any_service(name: str, chance: random.Random) -> Service:
    """Return a service every field of which may differ from another one's."""
    either = chance.choice
    return service(
        name,
        either([8000, 9000]),
        image=either(["x/y:1", "x/y:2"]),
        replicas=chance.randint(0, 3),
        resources=Resources(either(["100m", "1"]), "256Mi", either([None, "2"]), either(["256Mi", "1Gi"])),
        probes=Probes(
            startup=any_probe(chance, "/healthz", "/ready"),
            readiness=any_probe(chance, "/healthz", "/ready"),
            liveness=any_probe(chance, None, "/alive"),
        ),
        image_pull_secrets=tuple(some(chance, ["a", "b", "c"])),
        calls=tuple(some(chance, ["auth", "pyxis", "requests"])),
        database=either([None, ServiceDatabase("x", False), ServiceDatabase("x", True)]),
        secrets={key: Secret(8, None, None) for key in some(chance, ["S1", "S2", "S3"])},
        env={key: either(["1", "on"]) for key in some(chance, ["A", "B", "C", "DATABASE_URL"])},
        config=either([{}, {"a": "1"}, {"a": "2", "b": "on\n"}]),
        egress=tuple(
            some(chance, [Egress("10.0.0.0/8", 1), Egress("0.0.0.0/0", 2), Egress("10.0.0.0/8", 3)])
        ),
        autoscale=either([None, Autoscale(2, 4, 50)]),
        command=either([(), ("a",), ("b", "c")]),
        args=either([(), ("on",)]),
        volumes={
            key: Volume(either([f"/{key}", "/other-" + key]), either(["1Gi", "2Gi"]), either([True, False]))
            for key in some(chance, ["tmp", "v1", "v2"])
        },
        annotations=either([{}, {"x/y": "1"}, {"x/y": "2", "z/a": "on"}]),
        shutdown=Shutdown(either([5, 15]), either([30, 60])),
        metrics=either([None, Metrics(9090, "/metrics"), Metrics(8000, "/m")]),
        jobs={key: any_job(chance) for key in some(chance, ["clean", "send"])},
    )


def any_probe(chance: random.Random, *paths: str | None) -> Probe:
    """Return a probe that asks for one of the paths."""
    return Probe(chance.choice(paths), chance.choice([5, 10]), 2, 3)


def any_job(chance: random.Random) -> Job:
    """Return a job every field of which may differ from another one's."""
    either = chance.choice
    return job(
        either(["0 3 * * *", "@daily"]),
        image=either(["x/y:1", "x/z:2"]),
        command=either([(), ("a",), ("b", "c")]),
        env={key: either(["1", "on"]) for key in some(chance, ["A", "J"])},
        calls=tuple(some(chance, ["auth", "pyxis"])),
        suspend=either([True, False]),
    )


def by_identity(manifests: list[Manifest]) -> dict[tuple[str, str, str], Manifest]:
    return {patches.identity(manifest): manifest for manifest in manifests}


def views(stack: Stack, chance: random.Random, number: int) -> tuple[list[Manifest], list[Manifest]]:
    """Return one service's manifests before and after."""
    before, after = (objects(stack, any_service(f"s{number}", chance)) for _ in range(2))
    return before, after


@pytest.mark.parametrize("seed", range(3))
def test_kustomize_makes_any_view_of_a_service_out_of_any_other(
    seed: int, tmp_path: Path, kustomize: Callable[[Path], Rendered]
) -> None:
    chance, stack = random.Random(seed), replace(asky(), namespace="unused")
    before: dict[tuple[str, str, str], Manifest] = {}
    after: dict[tuple[str, str, str], Manifest] = {}
    for number in range(60):
        old, new = (by_identity(made) for made in views(stack, chance, number))
        before |= old
        after |= {key: manifest for key, manifest in new.items() if key in old}
    patched = [patches.patch(before[key], manifest) for key, manifest in after.items()]
    gone = [patches.deletion(manifest) for key, manifest in before.items() if key not in after]
    (tmp_path / "before.yaml").write_text(yaml.dump(before.values()))
    (tmp_path / "patches.yaml").write_text(yaml.dump([*filter(None, patched), *gone]))
    root: dict[str, Any] = {**form.kustomization(["before.yaml"]), "patches": [{"path": "patches.yaml"}]}
    (tmp_path / "kustomization.yaml").write_text(yaml.dump([root]))
    assert by_identity(kustomize(tmp_path)) == after
    assert gone and len(after) > 200


def deployment(*env: str, **more: Any) -> Manifest:
    container = {"name": "a", "env": [{"name": name, "value": name.lower()} for name in env], **more}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a"},
        "spec": {"template": {"spec": {"containers": [container]}}},
    }


def container_patch(before: Manifest, after: Manifest) -> Any:
    made = patches.patch(before, after)
    assert made is not None
    return made["spec"]["template"]["spec"]["containers"]


def test_equal_manifests_need_no_patch() -> None:
    assert patches.patch(deployment("A"), deployment("A")) is None


def test_a_patch_names_what_differs_and_nothing_else() -> None:
    after = deployment("A", image="x:2")
    assert patches.patch(deployment("A", image="x:1"), after) == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "a"},
        "spec": {"template": {"spec": {"containers": [{"name": "a", "image": "x:2"}]}}},
    }


def test_a_variable_that_must_follow_others_replaces_the_list_since_a_patched_item_moves_to_the_front() -> (
    None
):
    assert container_patch(deployment("A", "B"), deployment("A", "B", "C")) == [
        {
            "name": "a",
            "env": [
                {"$patch": "replace"},
                {"name": "A", "value": "a"},
                {"name": "B", "value": "b"},
                {"name": "C", "value": "c"},
            ],
        }
    ]


def test_a_variable_that_goes_is_deleted_by_its_name() -> None:
    assert container_patch(deployment("A", "B"), deployment("B")) == [
        {"name": "a", "env": [{"$patch": "delete", "name": "A"}]}
    ]
