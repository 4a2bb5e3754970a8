"""What an object says of itself, judged as `kubectl rollout status` and Argo CD judge it."""

from typing import Any

import pytest

from asky_gitops.components.health import UNPUBLISHED
from asky_gitops.tree.readiness import Readiness, is_hopeless, is_late, pod_reason, readiness


def live(kind: str, status: dict[str, Any], spec: dict[str, Any] | None = None, version: str = "v1") -> Any:
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": "x", "generation": 2},
        "spec": spec or {},
        "status": status,
    }


def done(kind: str, status: str = "True", **words: str) -> dict[str, Any]:
    return {"conditions": [{"type": kind, "status": status, **words}]}


ROLLED = {"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}
FORBIDDEN = {"reason": "FailedCreate", "message": "quota"}
STALE = {"reason": "ProgressDeadlineExceeded", "message": "timed out"}
CASES = {
    "a rolled out Deployment": (live("Deployment", ROLLED, {"replicas": 2}), Readiness("ready", "2/2")),
    "a Deployment whose new spec was not seen yet": (
        live("Deployment", {**ROLLED, "observedGeneration": 1}, {"replicas": 2}),
        Readiness("waiting", "2/2"),
    ),
    "a Deployment with an old pod left": (
        live("Deployment", {**ROLLED, "replicas": 3}, {"replicas": 2}),
        Readiness("waiting", "2/2"),
    ),
    "a Deployment whose pods are refused": (
        live("Deployment", {**ROLLED, "availableReplicas": 0, **done("ReplicaFailure", **FORBIDDEN)}),
        Readiness("waiting", "0/1", "FailedCreate: quota"),
    ),
    "a Deployment out of time": (
        live("Deployment", {**ROLLED, "availableReplicas": 0, **done("Progressing", "False", **STALE)}),
        Readiness("failed", "0/1", "ProgressDeadlineExceeded: timed out"),
    ),
    "a StatefulSet on its way": (
        live("StatefulSet", {"observedGeneration": 2, "readyReplicas": 1, "updateRevision": "b"}),
        Readiness("waiting", "0/1"),
    ),
    "a DaemonSet on every node": (
        live(
            "DaemonSet",
            {
                "observedGeneration": 2,
                "desiredNumberScheduled": 3,
                "numberReady": 3,
                "updatedNumberScheduled": 3,
            },
        ),
        Readiness("ready", "3/3"),
    ),
    "a Job at work": (live("Job", {"active": 1}), Readiness("waiting", "running")),
    "a Job that is done": (live("Job", done("Complete")), Readiness("ready", "done")),
    "a Job that failed": (
        live("Job", done("Failed", reason="BackoffLimitExceeded", message="no")),
        Readiness("failed", "failed", "BackoffLimitExceeded: no"),
    ),
    "a Cluster of one of three": (
        live(
            "Cluster",
            {"readyInstances": 1, "phase": "Creating replica"},
            {"instances": 3},
            "postgresql.cnpg.io/v1",
        ),
        Readiness("waiting", "1/3", "Creating replica"),
    ),
    "an ExternalSecret that was not read": (
        live("ExternalSecret", done("Ready", "False", reason="SecretSyncedError", message="not found")),
        Readiness("waiting", "not ready", "SecretSyncedError: not found"),
    ),
    "an ExternalSecret that nobody looked at": (
        live("ExternalSecret", {}),
        Readiness("waiting", "no status"),
    ),
    "an Ingress without an address": (live("Ingress", {}), Readiness("waiting", "no address")),
    "a ConfigMap": (live("ConfigMap", {}), Readiness("ready")),
}


@pytest.mark.parametrize("name", CASES)
def test_an_object_is_judged_by_its_status(name: str) -> None:
    manifest, expected = CASES[name]
    assert readiness(manifest) == expected


def test_an_ingress_is_ready_at_once_where_no_controller_publishes_an_address() -> None:
    ingress = live("Ingress", {})
    ingress["metadata"]["annotations"] = dict(UNPUBLISHED)
    assert readiness(ingress).phase == "ready"


def container(**state: Any) -> dict[str, Any]:
    return {"status": {"containerStatuses": [state]}}


@pytest.mark.parametrize(
    ("pod", "reason"),
    [
        (container(state={"running": {}}), None),
        (container(state={"waiting": {"reason": "ContainerCreating"}}), None),
        (
            container(state={"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}),
            ("ImagePullBackOff", "not found"),
        ),
        (
            container(
                state={"waiting": {"reason": "CrashLoopBackOff"}},
                lastState={"terminated": {"exitCode": 3, "message": "no database\n"}},
            ),
            ("CrashLoopBackOff", "exit code 3: no database"),
        ),
        (container(state={"terminated": {"exitCode": 1, "reason": "Error"}}), ("Error", "exit code 1")),
        (container(state={"terminated": {"exitCode": 0}}), None),
        (
            {"status": done("PodScheduled", "False", reason="Unschedulable", message="0/1 nodes")},
            ("Unschedulable", "0/1 nodes"),
        ),
    ],
)
def test_a_pod_says_why_it_is_not_ready(pod: dict[str, Any], reason: tuple[str, str] | None) -> None:
    assert pod_reason(pod) == reason


def test_only_what_time_cannot_cure_is_hopeless() -> None:
    assert is_hopeless("InvalidImageName")
    assert not is_hopeless("ImagePullBackOff")


def test_a_pod_is_late_until_it_is_ready_or_its_work_is_done() -> None:
    assert is_late({"status": {"phase": "Pending"}})
    assert is_late({"status": {"phase": "Running", **done("Ready", "False")}})
    assert not is_late({"status": {"phase": "Running", **done("Ready", "True")}})
    assert not is_late({"status": {"phase": "Succeeded", **done("Ready", "False")}})
