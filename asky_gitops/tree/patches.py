"""The smallest strategic merge patch that turns one manifest into another.

kustomize merges a patch into maps and into lists with a merge key, and moves every item that the patch
names to the front of such a list. Where that would not give the wanted list, in the wanted order, the
patch replaces the list as a whole.
"""

from typing import Any

from asky_gitops.model.manifest import Manifest

MERGE_KEYS = {
    "containers": "name",
    "env": "name",
    "imagePullSecrets": "name",
    "initContainers": "name",
    "volumeMounts": "mountPath",
    "volumes": "name",
}
"""The lists of our base's objects that are merged by a key (the patchMergeKey of the Kubernetes API).

Ports merge by `containerPort` and `protocol` together in some kinds and by `port` in others: like every
list that is not named here they are replaced, which is right for all of them.
"""
REPLACE = {"$patch": "replace"}
MERGED_OTHERWISE = {"ports", "topologySpreadConstraints", "finalizers"}
"""Lists that kustomize would merge by a key of its own: they are replaced by saying so."""


def identity(manifest: Manifest) -> tuple[str, str, str]:
    """Return what makes a manifest the same object in two views of a stack."""
    return manifest["apiVersion"], manifest["kind"], manifest["metadata"]["name"]


def patch(before: Manifest, after: Manifest) -> Manifest | None:
    """Return the patch from one manifest to another of the same identity; None when they are equal."""
    if before == after:
        return None
    changes = of_maps(before, after)
    metadata = {"name": after["metadata"]["name"], **changes.pop("metadata", {})}
    return {"apiVersion": after["apiVersion"], "kind": after["kind"], "metadata": metadata, **changes}


def deletion(manifest: Manifest) -> Manifest:
    """Return the patch that takes an object away."""
    return {
        "$patch": "delete",
        "apiVersion": manifest["apiVersion"],
        "kind": manifest["kind"],
        "metadata": {"name": manifest["metadata"]["name"]},
    }


def of_maps(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the keys that differ; null takes a key away."""
    made: dict[str, Any] = {}
    for key in [*after, *(key for key in before if key not in after)]:
        if key not in after:
            made[key] = None
        elif key not in before:
            made[key] = after[key]
        elif before[key] != after[key]:
            made[key] = of_values(key, before[key], after[key])
    return made


def of_values(key: str, before: Any, after: Any) -> Any:
    """Return what makes one value another under a key."""
    if isinstance(before, dict) and isinstance(after, dict):
        return of_maps(before, after) if after else {**dict.fromkeys(before)}
    if isinstance(before, list) and isinstance(after, list):
        return of_lists(key, before, after)
    return after


def of_lists(key: str, before: list[Any], after: list[Any]) -> list[Any]:
    """Return changed items only, where a merge by key gives the wanted list, or else the whole list."""
    merge_key = MERGE_KEYS.get(key)
    if merge_key is None:
        return [REPLACE, *after] if key in MERGED_OTHERWISE else after
    old = {item[merge_key]: item for item in before}
    wanted = {item[merge_key]: item for item in after}
    changed = [name for name, item in wanted.items() if old.get(name) != item]
    untouched = [name for name in old if name in wanted and name not in changed]
    if [*changed, *untouched] != list(wanted) or len(old) != len(before) or len(wanted) != len(after):
        return [REPLACE, *after]
    gone = [{"$patch": "delete", merge_key: name} for name in old if name not in wanted]
    return [*({merge_key: name, **of_maps(old.get(name, {}), wanted[name])} for name in changed), *gone]
