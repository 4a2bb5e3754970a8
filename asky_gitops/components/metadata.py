"""What every object carries: recommended labels, its sync wave, Argo CD's options."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from asky_gitops.model.stack import Stack


class Wave(IntEnum):
    """Order inside one sync; Argo CD waits for a wave's health before the next one."""

    GROUND = -5
    """Namespace, accounts, RBAC, NetworkPolicies, ConfigMaps, secret stores."""
    SECRETS = -4
    DATABASE = -3
    ROLES = -2
    MIGRATIONS = -1
    SEEDS = 0
    """Between the migrations and the services; services never sit in the implicit wave 0."""
    SERVICES = 1
    EDGE = 2
    """Ingress, PodDisruptionBudgets, autoscalers."""


HOOK = {
    "argocd.argoproj.io/hook": "Sync",
    "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
}
"""A Job as a hook: a Job's template is immutable, so each sync deletes the old one and makes it anew."""

CUSTOM = "SkipDryRunOnMissingResource=true"
"""Sync option of custom resources: their definition may arrive after the sync began."""

KEEP = ("Delete=false", "Prune=false")
"""Sync options of what holds data: neither a deleted file nor a deleted Application removes it."""


def labels(stack: Stack, name: str, component: str) -> dict[str, str]:
    """Return the recommended labels (kubernetes.io, "Recommended Labels")."""
    return {
        "app.kubernetes.io/component": component,
        "app.kubernetes.io/managed-by": "asky-gitops",
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/part-of": stack.name,
    }


def selector(stack: Stack, name: str) -> dict[str, str]:
    """Return the labels that select a component's pods; few, since a selector is immutable."""
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": stack.name}


def metadata(
    stack: Stack,
    name: str,
    component: str,
    wave: Wave,
    *,
    of: str | None = None,
    options: tuple[str, ...] = (),
    annotations: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return an object's metadata; `of` is the name label where the object's own name differs from it."""
    notes = {**(annotations or {}), "argocd.argoproj.io/sync-wave": str(int(wave))}
    if options:
        notes["argocd.argoproj.io/sync-options"] = ",".join(sorted(options))
    return {
        "name": name,
        "labels": labels(stack, of or name, component),
        "annotations": dict(sorted(notes.items())),
    }
