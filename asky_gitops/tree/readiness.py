"""Whether an object that the API server holds does what it is for, by its status alone.

The rules are those of `kubectl rollout status` and of Argo CD's health checks for the kinds we write.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from asky_gitops.components.health import UNPUBLISHED
from asky_gitops.model.manifest import Manifest

Phase = Literal["ready", "waiting", "failed"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """How one object stands: `said` is short (`1/2`), `why` is its own reason where it gives one."""

    phase: Phase
    said: str = ""
    why: str = ""


READY = Readiness("ready")


def readiness(live: Manifest) -> Readiness:
    """Judge a live object."""
    status = live.get("status") or {}
    spec = live.get("spec") or {}
    seen = status.get("observedGeneration", 0) >= live["metadata"].get("generation", 0)
    match live["kind"]:
        case "Deployment":
            return deployment(spec, status, seen)
        case "StatefulSet":
            updated = status.get("updatedReplicas", 0) if "updateRevision" in status else 0
            return counted(min(status.get("readyReplicas", 0), updated), spec.get("replicas", 1), seen)
        case "DaemonSet":
            ready = min(status.get("numberReady", 0), status.get("updatedNumberScheduled", 0))
            return counted(ready, status.get("desiredNumberScheduled", 0), seen)
        case "Job":
            return job(status)
        case "Cluster" if live["apiVersion"].startswith("postgresql.cnpg.io/"):
            why = str(status.get("phaseReason") or status.get("phase") or "")
            return counted(status.get("readyInstances", 0), spec.get("instances", 1), True, why)
        case "Ingress":
            published = (status.get("loadBalancer") or {}).get("ingress")
            never = UNPUBLISHED.items() <= (live["metadata"].get("annotations") or {}).items()
            return READY if published or never else Readiness("waiting", "no address")
    return by_condition(status, live)


def deployment(spec: Mapping[str, Any], status: Mapping[str, Any], seen: bool) -> Readiness:
    """Judge a Deployment: every replica new and available, no old one left."""
    wanted = spec.get("replicas", 1)
    ready = min(status.get("availableReplicas", 0), status.get("updatedReplicas", 0))
    for kind, value, phase in (("ReplicaFailure", "True", "waiting"), ("Progressing", "False", "failed")):
        if seen and (found := condition(status, kind)) and found["status"] == value:
            return Readiness("failed" if phase == "failed" else "waiting", f"{ready}/{wanted}", text(found))
    return counted(ready, wanted, seen and status.get("replicas", 0) == status.get("updatedReplicas", 0))


def counted(ready: int, wanted: int, seen: bool, why: str = "") -> Readiness:
    """Judge by a number of pods."""
    return Readiness("ready" if seen and ready >= wanted else "waiting", f"{ready}/{wanted}", why)


def job(status: Mapping[str, Any]) -> Readiness:
    """Judge a Job."""
    if (found := condition(status, "Failed")) and found["status"] == "True":
        return Readiness("failed", "failed", text(found))
    done = condition(status, "Complete")
    return (
        Readiness("ready", "done") if done and done["status"] == "True" else Readiness("waiting", "running")
    )


def by_condition(status: Mapping[str, Any], live: Manifest) -> Readiness:
    """Judge what says of itself whether it is ready; what says nothing is ready once it is there."""
    found = condition(status, "Ready")
    if found is None:
        speaks = live["kind"] in ("ExternalSecret", "SecretStore", "Certificate", "Issuer")
        return Readiness("waiting", "no status") if speaks else READY
    return READY if found["status"] == "True" else Readiness("waiting", "not ready", text(found))


def condition(status: Mapping[str, Any], kind: str) -> Mapping[str, Any] | None:
    """Return a condition of a status."""
    found: list[Mapping[str, Any]] = [one for one in status.get("conditions") or [] if one["type"] == kind]
    return found[0] if found else None


def text(condition: Mapping[str, Any]) -> str:
    """Return a condition's reason and message."""
    return ": ".join(filter(None, [condition.get("reason"), condition.get("message")]))


def pod_reason(pod: Manifest) -> tuple[str, str] | None:
    """Return why a pod is not ready as (reason, message), None where it only needs time."""
    status = pod.get("status") or {}
    for one in [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]:
        state = one.get("state") or {}
        waiting, ended = state.get("waiting") or {}, state.get("terminated") or {}
        if waiting.get("reason", "") not in ("", "ContainerCreating", "PodInitializing"):
            last = (one.get("lastState") or {}).get("terminated") or {}
            return str(waiting["reason"]), str(waiting.get("message") or ended_text(last))
        if ended and ended.get("exitCode", 0) != 0:
            return str(ended.get("reason") or "Error"), ended_text(ended)
    scheduled = condition(status, "PodScheduled")
    if scheduled and scheduled["status"] == "False":
        return str(scheduled.get("reason", "")), str(scheduled.get("message", ""))
    return None


def is_late(pod: Manifest) -> bool:
    """Tell whether a pod has neither become ready nor done its work."""
    status = pod.get("status") or {}
    ready = condition(status, "Ready")
    return status.get("phase") != "Succeeded" and not (ready and ready["status"] == "True")


def ended_text(state: Mapping[str, Any]) -> str:
    """Return how a container ended, with what it wrote for it."""
    if not state:
        return ""
    return ": ".join(
        filter(None, [f"exit code {state.get('exitCode', 0)}", (state.get("message") or "").strip()])
    )


def is_hopeless(reason: str) -> bool:
    """Tell whether waiting on is of no use: only an edit can cure it."""
    return reason in ("InvalidImageName", "ErrImageNeverPull", "CreateContainerError", "RunContainerError")
