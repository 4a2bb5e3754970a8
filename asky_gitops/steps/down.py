"""`down`: take an overlay out of the cluster of kubectl's context: its namespaces and volumes, no more."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from asky_gitops.adapters import yaml
from asky_gitops.adapters.kubectl import Kubectl, Object
from asky_gitops.errors import Refused, ToolError
from asky_gitops.findings.redact import Redactor
from asky_gitops.model.manifest import Manifest
from asky_gitops.steps.build import chosen, objects
from asky_gitops.steps.cluster import hibernate, is_ours, refuse_argo_cd
from asky_gitops.steps.generate import load

PAUSE = 1.0
"""Seconds between two looks."""
GOING = "asky-gitops.dev/down"
"""The label of a volume that is to go, with the stack's name: a run cut short knows its volumes again."""
KEPT = ("Namespace", "PersistentVolumeClaim", "Secret", "Cluster")
"""What `--keep-data` leaves: the data, and the passwords without which it is no use."""


@dataclass(frozen=True, slots=True)
class Going:
    """What `down` is about to remove, as it is in the cluster now."""

    context: str
    stack: str
    namespaces: tuple[str, ...]
    claims: tuple[str, ...]
    """`namespace/name` and size."""
    volumes: tuple[Object, ...]
    left: tuple[str, ...]
    """Those of the volumes that a run cut short left behind, their claims gone."""
    objects: tuple[Manifest, ...]


Tell = Callable[[str, bool, float], None]
"""Called with what happens, whether it is done, and after how many seconds."""


def look(root: Path, overlay: str) -> Going:
    """Return what there is of an overlay to remove.

    Raises Refused for a namespace that Argo CD manages, ToolError without a cluster, InputError for the spec.
    """
    stack = load(root)
    (name,) = chosen(root, list(stack.overlays), [overlay])
    rendered = objects(root, name)
    kubectl = Kubectl(root)
    context = kubectl.context()
    kubectl.server()
    refuse_argo_cd(kubectl, rendered)
    wanted = [one for one in rendered if one["kind"] == "Namespace"]
    found = [live for live in kubectl.live(yaml.dump(wanted)) if is_ours(live, stack.name)] if wanted else []
    names = tuple(live["metadata"]["name"] for live in found)
    claims = [one for each in names for one in kubectl.get("persistentvolumeclaims", namespace=each)]
    known = {claim["metadata"]["uid"] for claim in claims}
    every = kubectl.get("persistentvolumes")
    volumes = [one for one in every if (one["spec"].get("claimRef") or {}).get("uid") in known]
    left = [one for one in every if is_left(one, stack.name) and one not in volumes]
    inside = tuple(one for one in rendered if one["metadata"].get("namespace") in names)
    return Going(
        context,
        stack.name,
        names,
        tuple(map(said_of, claims)),
        (*volumes, *left),
        tuple(one["metadata"]["name"] for one in left),
        inside,
    )


def is_left(volume: Object, stack: str) -> bool:
    """Tell a volume that was to go with its claim, and that nothing uses."""
    labels = volume["metadata"].get("labels") or {}
    return labels.get(GOING) == stack and (volume.get("status") or {}).get("phase") != "Bound"


def said_of(claim: Object) -> str:
    """Name a claim with its size."""
    size = claim["spec"]["resources"]["requests"]["storage"]
    return f"{claim['metadata']['namespace']}/{claim['metadata']['name']} ({size})"


def down(root: Path, going: Going, tell: Tell, *, keep_data: bool, timeout: float) -> None:
    """Remove it. Raises Refused when something is still there after `timeout` seconds, with the reason."""
    kubectl = Kubectl(root)
    started = time.monotonic()
    if keep_data:
        for one in going.objects:
            if one["kind"] == "Cluster":
                hibernate(kubectl, one, asleep=True)
        rest = [one for one in going.objects if one["kind"] not in KEPT]
        tell(f"{len(rest)} objects", False, 0)
        kubectl.delete(yaml.dump(rest))
        tell(f"{len(rest)} objects removed", True, time.monotonic() - started)
        return
    for volume in going.volumes:
        # Whoever made the volume removes it with the claim, the disk behind it as well.
        patch = {
            "metadata": {"labels": {GOING: going.stack}},
            "spec": {"persistentVolumeReclaimPolicy": "Delete"},
        }
        name = volume["metadata"]["name"]
        if name not in going.left:
            kubectl.change("patch", "persistentvolume", name, "--patch", json.dumps(patch))
    for name in going.namespaces:
        kubectl.change("delete", "namespace", name, "--wait=false", "--ignore-not-found")
    for name in going.namespaces:
        while left := kubectl.get("namespaces", name):
            waited = time.monotonic() - started
            tell(f"namespace {name} {remaining(left[0])}", False, waited)
            if waited > timeout:
                raise Refused(f"after {waited:.0f} s namespace {name} is still there: {remaining(left[0])}")
            time.sleep(PAUSE)
        tell(f"namespace {name} removed", True, time.monotonic() - started)
    remove_volumes(kubectl, going.volumes, tell)


def remaining(namespace: Object) -> str:
    """Return what a namespace on its way out says is still in it."""
    conditions = (namespace.get("status") or {}).get("conditions") or []
    said = [one.get("message", "") for one in conditions if one.get("status") == "True"]
    return Redactor().text("; ".join(filter(None, said))) or "is going"


def remove_volumes(kubectl: Kubectl, volumes: Sequence[Object], tell: Tell) -> None:
    """Remove the volumes that nobody removed with their claims."""
    begun = time.monotonic()
    for volume in volumes:
        name = volume["metadata"]["name"]
        try:
            kubectl.change("delete", "persistentvolume", name, "--ignore-not-found")
        except ToolError as error:
            raise Refused(f"the volume {name} is still there: {error.message}") from None
    if volumes:
        tell(
            f"{len(volumes)} volume{'' if len(volumes) == 1 else 's'} removed", True, time.monotonic() - begun
        )
