"""Controllers that run as pods in the cluster: where they are, and what their Ingresses must say."""

from collections.abc import Mapping

from asky_gitops.components.network import Peer
from asky_gitops.errors import InputError
from asky_gitops.model.stack import Overlay, Public

Controllers = Mapping[str, tuple[str, str]]
"""Ingress class to its controller's namespace and name label, as a platform usually has them."""


def peer(overlay: Overlay, controllers: Controllers) -> Peer:
    """Return the controller's pods; raises InputError for a class that the platform has none for."""
    name = overlay.ingress.class_name
    if name not in controllers:
        raise InputError(
            f'overlays.{overlay.name}.ingress.class: {overlay.platform} has no controller for "{name}"',
            where="asky.yaml",
            hint=f"use one of {', '.join(sorted(controllers))}",
        )
    usual, label = controllers[name]
    space = overlay.ingress.controller_namespace or usual
    return {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": space}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": label}},
    }


def annotations(overlay: Overlay, where: Public) -> dict[str, str]:
    """Return who signs the certificate, and the way from plain text to TLS.

    ingress-nginx redirects by itself; Traefik would serve both, so that its entry point for TLS is named
    (doc.traefik.io, "Traefik & Kubernetes with Ingress").
    """
    if not where.tls:
        return {}
    made = {}
    if issuer := overlay.ingress.issuer:
        kind = "cluster-issuer" if issuer.kind == "ClusterIssuer" else "issuer"
        made[f"cert-manager.io/{kind}"] = issuer.name
    if overlay.ingress.class_name == "traefik":
        made["traefik.ingress.kubernetes.io/router.entrypoints"] = "websecure"
    return made
