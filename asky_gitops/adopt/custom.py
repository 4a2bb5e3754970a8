"""What the spec cannot say: patches and objects for `overlays/<name>/custom/`, hardened as our own are."""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from asky_gitops.adopt.pods import template
from asky_gitops.adopt.shape import TEMPLATE, faults
from asky_gitops.adopt.values import withheld, without_values
from asky_gitops.model.manifest import Manifest

CONTAINER = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
}
POD = {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}}
RESOURCES = {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"cpu": "500m", "memory": "64Mi"}}
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")


def patch(service: str, **parts: Any) -> Manifest:
    """Return a strategic patch of a service's Deployment; `container` is its container, `pod` the rest."""
    container = {"name": service, **parts.get("container", {})}
    pod = parts.get("pod", {})
    every = [container, *pod.pop("containers", [])]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": service},
        "spec": {"template": {"spec": {**pod, "containers": every}}},
    }


def connection_probes() -> dict[str, Any]:
    """Return what makes the probes ask for a connection instead of a path."""
    return {name: {"httpGet": None, "tcpSocket": {"port": "http"}} for name in PROBES[:2]}


def no_probes() -> dict[str, Any]:
    """Return what takes the probes away from what listens on no port."""
    return dict.fromkeys(PROBES)


def extra_container(container: dict[str, Any], owner: str) -> dict[str, Any]:
    """Return a further container with limits, without privileges, volumes that are not ours, and secrets."""
    dropped = ("volumeMounts", "imagePullPolicy", "terminationMessagePath", "terminationMessagePolicy")
    kept = {key: value for key, value in without_values(container, owner).items() if key not in dropped}
    return {**kept, "resources": limited(container), "securityContext": dict(CONTAINER)}


def limited(container: dict[str, Any]) -> dict[str, Any]:
    """Return a container's resources with the limits that it lacks."""
    said = container.get("resources") or {}
    requests = {**RESOURCES["requests"], **(said.get("limits") or {}), **(said.get("requests") or {})}
    limits = {**RESOURCES["limits"], **(said.get("requests") or {}), **(said.get("limits") or {})}
    return {"requests": requests, "limits": limits}


def hardened(manifest: Manifest, namespace: str) -> Manifest:
    """Return an object of the user's own for the stack's namespace, its pods as restricted as ours."""
    made = deepcopy(manifest)
    made["metadata"].pop("namespace", None)
    if made["kind"] == "ConfigMap":
        made["data"] = {key: withheld(str(value)) for key, value in (made.get("data") or {}).items()}
    for subject in made.get("subjects") or []:
        if subject.get("kind") == "ServiceAccount":
            subject["namespace"] = namespace
    for pod in pod_specs(made):
        pod["securityContext"] = {**POD}
        pod["automountServiceAccountToken"] = False
        pod["enableServiceLinks"] = False
        pod.pop("serviceAccountName", None)
        for part in ("initContainers", "containers"):
            if pod.get(part):
                pod[part] = [extra_container(one, made["metadata"]["name"]) for one in pod[part]]
    return made


def pod_specs(manifest: Manifest) -> Iterable[dict[str, Any]]:
    """Yield the pod specs in an object."""
    spec = manifest.get("spec") or {}
    outer = spec.get("jobTemplate")
    within = (outer.get("spec") if isinstance(outer, dict) else None) or spec
    found = template(within) if isinstance(within, dict) else {}
    if found and not any(faults(found, TEMPLATE)):
        yield found["spec"]
