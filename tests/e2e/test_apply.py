"""A real API server takes every object of both overlays, as strictly as it can be asked to."""

import pytest

from tests.e2e.deployment import Repository
from tests.e2e.plane import Object, Plane, content, dump, wait

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")


@pytest.fixture(scope="module")
def outcomes(plane: Plane, repository: Repository, overlay: str) -> dict[str, tuple[list[Object], str]]:
    """Apply both roots of an overlay, namespaces first: root to its objects and kubectl's complaints."""
    found = {}
    for root in (f"overlays/{overlay}/platform", f"overlays/{overlay}"):
        objects = plane.render(repository.work / root)
        plane.apply(dump(*(each for each in objects if each["kind"] == "Namespace")))
        found[root] = (objects, plane.try_apply(dump(*objects)).stderr)
    return found


@pytest.fixture(scope="module")
def applied(outcomes: dict[str, tuple[list[Object], str]]) -> list[Object]:
    """Return every object of both roots, applied."""
    return [each for objects, _ in outcomes.values() for each in objects]


def test_every_object_is_taken_without_an_error_or_a_warning(
    outcomes: dict[str, tuple[list[Object], str]],
) -> None:
    assert {root: complaints for root, (_, complaints) in outcomes.items()} == dict.fromkeys(outcomes, "")


def test_applying_it_again_changes_nothing(plane: Plane, applied: list[Object]) -> None:
    settled(plane, applied)
    before, pods = contents(plane, applied), names(plane)
    plane.apply(dump(*applied))
    assert contents(plane, applied) == before
    assert names(plane) == pods


def test_every_pod_starts_and_every_job_completes(plane: Plane, applied: list[Object]) -> None:
    settled(plane, applied)
    assert {each["metadata"]["name"]: condition(each, "Complete") for each in plane.get("jobs")} == {
        each["metadata"]["name"]: "True" for each in applied if each["kind"] == "Job"
    }


def test_pod_security_is_enforced_as_restricted_where_the_services_run(
    plane: Plane, applied: list[Object]
) -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "intruder", "namespace": "asky"},
        "spec": {"containers": [{"name": "shell", "image": "busybox:1"}]},
    }
    done = plane.try_apply(dump(pod))
    assert done.returncode == 1
    assert 'violates PodSecurity "restricted:' in done.stderr


def test_an_unknown_field_is_refused(plane: Plane, applied: list[Object]) -> None:
    spoiled = next(each for each in applied if each["kind"] == "Deployment")
    spoiled = {**spoiled, "spec": {**spoiled["spec"], "replica": 3}}
    done = plane.try_apply(dump(spoiled))
    assert done.returncode == 1
    assert "field not declared in schema" in done.stderr


def test_a_workload_that_would_be_refused_later_is_a_failure_now(plane: Plane, applied: list[Object]) -> None:
    spoiled = next(each for each in applied if each["kind"] == "Deployment")
    template = spoiled["spec"]["template"]
    privileged = {**template["spec"], "hostNetwork": True}
    spoiled = {**spoiled, "spec": {**spoiled["spec"], "template": {**template, "spec": privileged}}}
    done = plane.try_apply(dump(spoiled))
    assert done.returncode == 1
    assert "host namespaces (hostNetwork=true)" in done.stderr


def test_what_a_definitions_rules_forbid_is_refused(
    plane: Plane, applied: list[Object], overlay: str
) -> None:
    """The CEL rules of CloudNativePG 1.30: imageName or imageCatalogRef, never both."""
    cluster = {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": {"name": "both", "namespace": "default"},
        "spec": {
            "instances": 1,
            "storage": {"size": "1Gi"},
            "imageName": "postgresql:17",
            "imageCatalogRef": {
                "apiGroup": "postgresql.cnpg.io",
                "kind": "ImageCatalog",
                "name": "c",
                "major": 17,
            },
        },
    }
    done = plane.try_apply(dump(cluster))
    assert done.returncode == 1
    assert "imageName and imageCatalogRef are mutually exclusive" in done.stderr


def settled(plane: Plane, objects: list[Object]) -> None:
    """Wait until every workload is rolled out and every Job is done."""
    wait(
        "every workload rolled out and every Job done",
        lambda: not unfinished(plane, objects),
        why=lambda: why(plane, objects),
    )


def unfinished(plane: Plane, objects: list[Object]) -> list[str]:
    """Return the workloads with too few ready pods and the Jobs that are not complete."""
    waiting = []
    for live in plane.live([each for each in objects if each["kind"] in (*WORKLOADS, "Job")]):
        status = live.get("status", {})
        wanted = status.get("desiredNumberScheduled", live["spec"].get("replicas", 1))
        ready = status.get("numberReady", status.get("readyReplicas", 0))
        if (
            (condition(live, "Complete") != "True")
            if live["kind"] == "Job"
            else (ready < wanted or not ready)
        ):
            waiting.append(f"{live['kind']} {live['metadata']['name']} {status}")
    return waiting


def why(plane: Plane, objects: list[Object]) -> str:
    """Return what stands in the way."""
    return "\n".join(
        [*unfinished(plane, objects), plane.kubectl("get", "pods", "-A"), plane.logs(), plane.said()]
    )


def contents(plane: Plane, objects: list[Object]) -> dict[str, Object]:
    """Return what every object says."""
    return {
        f"{live['kind']} {live['metadata'].get('namespace')}/{live['metadata']['name']}": content(live)
        for live in plane.live(objects)
    }


def names(plane: Plane) -> set[str]:
    """Return the pods of every namespace."""
    return set(plane.kubectl("get", "pods", "-A", "-o", "name").split())


def condition(each: Object, kind: str) -> str | None:
    """Return a condition's status."""
    return next(
        (one["status"] for one in each.get("status", {}).get("conditions", []) if one["type"] == kind), None
    )
