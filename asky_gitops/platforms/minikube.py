"""minikube: one node, no operators; the database is a StatefulSet and a Job makes the secrets."""

from collections.abc import Mapping
from typing import Any

from asky_gitops.components import (
    ingress,
    migrations,
    node_exporter,
    postgres,
    scaling,
    secrets_job,
)
from asky_gitops.components.namespace import namespace
from asky_gitops.components.network import Peer
from asky_gitops.errors import InputError
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Public, Service, Stack
from asky_gitops.platforms import minikube_page

DEFAULTS: Mapping[str, Any] = {
    "defaults": {"replicas": 1},
    "database": {"instances": 1},
    "ingress": {"class": "nginx"},
    "secrets": {"provider": "job"},
}
PUBLISHES_ADDRESS: bool = False
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
    return {
        "": [namespace(stack, stack.namespace, "restricted", "namespace")],
        "postgres": postgres.overlay(stack, overlay),
        "secrets": secrets_job.overlay(stack, overlay),
        "seeds": migrations.overlay(stack, overlay),
        "ingress": [
            *(
                ingress.overlay(stack, overlay, [controller(overlay)], annotations)
                if ingress.public(stack)
                else []
            ),
            *scaling.overlay(stack, overlay),
        ],
    }


def controller(overlay: Overlay) -> Peer:
    """Return the ingress controller's pods; raises InputError for a class minikube has no add-on for."""
    name = overlay.ingress.class_name
    if name not in CONTROLLERS:
        raise InputError(
            f'overlays.{overlay.name}.ingress.class: no minikube add-on serves the class "{name}"',
            where="asky.yaml",
            hint=f"use one of {', '.join(sorted(CONTROLLERS))}",
        )
    space, label = CONTROLLERS[name]
    return {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": space}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": label}},
    }


def annotations(_service: Service, _where: Public) -> dict[str, str]:
    """Return none: the add-on's controller redirects to TLS by itself and allows no snippets."""
    return {}


def platform(stack: Stack, _overlay: Overlay) -> dict[str, list[Manifest]]:
    """Return what watches the node."""
    return {"monitoring": node_exporter.platform(stack)}


def bootstrap(stack: Stack, overlay: Overlay) -> str:
    """Return the page that starts a cluster and the stack in it."""
    hosts = sorted({where.host for _, where in ingress.public(stack)})
    return minikube_page.page(stack, overlay, hosts, has_platform=any(platform(stack, overlay).values()))


def bootstrap_files(_stack: Stack, _overlay: Overlay) -> dict[str, Manifest]:
    """Return none: one command starts a cluster."""
    return {}
