"""An overlay applied without Argo CD, as strictly as the API server can be asked to."""

from tests.e2e.observed import condition
from tests.e2e.plane import Object, Plane, content, dump, wait
from tests.e2e.repository import Repository

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet")
Outcomes = dict[str, tuple[list[Object], str]]
"""Kustomization root to its objects and what kubectl complained about."""


def apply_overlay(plane: Plane, repository: Repository, overlay: str) -> Outcomes:
    """Apply the roots of an overlay, its namespaces first; a stack need not have a platform."""
    found = {}
    for root in (f"overlays/{overlay}/platform", f"overlays/{overlay}"):
        if (repository.work / root).exists():
            objects = plane.render(repository.work / root)
            apply_namespaces(plane, objects)
            found[root] = (objects, plane.try_apply(dump(*objects)).stderr)
    return found


def apply_namespaces(plane: Plane, objects: list[Object]) -> None:
    """Apply the namespaces alone: what is in them can be judged only once they are there."""
    if spaces := [each for each in objects if each["kind"] == "Namespace"]:
        plane.apply(dump(*spaces))


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


def scale(plane: Plane, name: str, pods: int) -> None:
    """Scale until the autoscaler agrees: it takes pods back when it looks before they were measured."""

    def is_agreed() -> bool:
        if plane.get("deployment", name)["spec"]["replicas"] != pods:
            plane.kubectl("scale", "deployment", name, f"--replicas={pods}", "-n", "asky")
        status = plane.get("hpa", name)["status"]
        return (status.get("currentReplicas"), status.get("desiredReplicas")) == (pods, pods)

    wait(f"the autoscaler agrees to {pods} pods", is_agreed, why=lambda: str(plane.get("hpa", name)))
