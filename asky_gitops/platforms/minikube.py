"""minikube: one node, no operators; the database is a StatefulSet and a Job makes the secrets."""

from collections.abc import Mapping, Sequence
from typing import Any

from asky_gitops.components import (
    external_database,
    ingress,
    ingress_controllers,
    migrations,
    monitoring,
    node_exporter,
    postgres,
    scaling,
    secrets_job,
)
from asky_gitops.components.health import UNPUBLISHED
from asky_gitops.components.namespace import namespace
from asky_gitops.errors import InputError
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.platforms import minikube_page

DEFAULTS: Mapping[str, Any] = {
    "defaults": {"replicas": 1},
    "database": {"instances": 1},
    "ingress": {"class": "nginx"},
    "secrets": {"provider": "job"},
}
PROVIDES = frozenset({"metrics-server"})
CONTROLLERS = {"nginx": ("ingress-nginx", "ingress-nginx"), "traefik": ("kube-system", "traefik")}
"""Ingress class of a minikube add-on to its controller's namespace and name label."""


def overlay(stack: Stack, overlay: Overlay) -> dict[str, list[Manifest]]:
    """Return the overlay's parts.

    Raises InputError when the secrets are to come from elsewhere: nothing else makes the database's
    certificate here.
    """
    if overlay.secrets.provider != "job":
        raise InputError(
            f'overlays.{overlay.name}.secrets.provider: platform minikube needs "job"', where="asky.yaml"
        )
    external = overlay.database is not None and overlay.database.external is not None
    own_server = overlay.database is not None and not external
    return {
        "": [namespace(stack, stack.namespace, "restricted", "namespace")],
        "postgres": (external_database if external else postgres).overlay(stack, overlay),
        "secrets": secrets_job.overlay(stack, overlay, own_server=own_server),
        "seeds": migrations.overlay(stack, overlay),
        "ingress": [
            *(ways_in(stack, overlay) if ingress.public(stack) else []),
            *scaling.overlay(stack, overlay),
        ],
        "monitoring": monitoring.overlay(stack, overlay),
    }


def ways_in(stack: Stack, overlay: Overlay) -> list[Manifest]:
    """Return the Ingresses, which get no address here, and what lets in the controller."""
    peer = ingress_controllers.peer(overlay, CONTROLLERS)
    return ingress.overlay(
        stack,
        overlay,
        [peer],
        lambda _, where: {**UNPUBLISHED, **ingress_controllers.annotations(overlay, where)},
    )


def platform(stack: Stack, _overlay: Overlay) -> dict[str, list[Manifest]]:
    """Return what watches the node."""
    return {"monitoring": node_exporter.platform(stack)}


def operator_values(_stack: Stack, _overlay: Overlay) -> Mapping[str, Mapping[str, Any]]:
    """Return none."""
    return {}


def bootstrap(stack: Stack, overlay: Overlay, operators: Sequence[str]) -> str:
    """Return the page that starts a cluster and the stack in it."""
    hosts = sorted({where.host for _, where in ingress.public(stack)})
    has_platform = any(platform(stack, overlay).values())
    return minikube_page.page(stack, overlay, hosts, operators, has_platform=has_platform)


def bootstrap_files(_stack: Stack, _overlay: Overlay, _operators: Sequence[str]) -> dict[str, Manifest]:
    """Return none: one command starts a cluster."""
    return {}
