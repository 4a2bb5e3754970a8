"""The strategic merge patch that sets one field of a rendered object."""

from collections.abc import Mapping
from typing import Any

from asky_gitops.model.finding import Path

BY_NAME = ("containers", "initContainers")
"""Lists whose items a strategic merge patch finds by their name."""
BUILT_IN = ("", "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io")
"""API groups whose lists are merged; a custom resource's are replaced whole."""


def patch_for(item: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any] | None:
    """Return the patch, None where a list would have to be replaced to set the field."""
    group = str(item.get("apiVersion", "")).rpartition("/")[0]
    if any(isinstance(step, int) for step in path) and group not in BUILT_IN:
        return None
    inner = _nested(item, path, value)
    if inner is None:
        return None
    head = {
        "apiVersion": item["apiVersion"],
        "kind": item["kind"],
        "metadata": {"name": item["metadata"]["name"]},
    }
    return {**head, **inner}


def _nested(item: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    step, rest = path[0], path[1:]
    below = item.get(step) if isinstance(item, dict) else None
    if rest and isinstance(rest[0], int):
        if step not in BY_NAME or not isinstance(below, list) or not isinstance(below[rest[0]], dict):
            return None
        one = below[rest[0]]
        inner = _nested(one, rest[1:], value)
        return None if inner is None or "name" not in one else {step: [{"name": one["name"], **inner}]}
    inner = _nested(below, rest, value)
    return None if inner is None else {step: inner}
