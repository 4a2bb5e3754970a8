"""The way in from outside: an Ingress for each public service, and the policy that lets it through."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from asky_gitops.components.metadata import Wave, metadata, selector
from asky_gitops.components.network import Peer, policy, tcp
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Public, Service, Stack

COMPONENT = "ingress"
Annotate = Callable[[Service, Public], Mapping[str, str]]
"""A platform's annotations of one service's Ingress."""


def public(stack: Stack) -> list[tuple[Service, Public]]:
    """Return the services that are reachable from outside, sorted by name."""
    services = sorted(stack.services.values(), key=lambda one: one.name)
    return [(service, service.public) for service in services if service.public]


def overlay(stack: Stack, overlay: Overlay, sources: Sequence[Peer], annotate: Annotate) -> list[Manifest]:
    """Return the Ingresses and their policies; `sources` are where the controller's connections come from."""
    return [
        manifest
        for service, where in public(stack)
        for manifest in (
            ingress(stack, overlay, service, where, annotate),
            from_controller(stack, service, sources),
        )
    ]


def ingress(stack: Stack, overlay: Overlay, service: Service, where: Public, annotate: Annotate) -> Manifest:
    """Return one service's Ingress.

    Its TLS entry names a Secret where cert-manager writes one; elsewhere the certificate is the load
    balancer's or the controller's own.
    """
    hosts = [where.host, *where.aliases]
    backend = {"service": {"name": service.name, "port": {"name": "http"}}}
    paths = [{"backend": backend, "path": path, "pathType": "Prefix"} for path in where.paths]
    spec: dict[str, Any] = {
        "ingressClassName": overlay.ingress.class_name,
        "rules": [{"host": host, "http": {"paths": paths}} for host in hosts],
    }
    if where.tls:
        signed = {"secretName": f"{service.name}-tls"} if overlay.ingress.issuer else {}
        spec["tls"] = [{"hosts": hosts, **signed}]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(stack, service.name, COMPONENT, Wave.EDGE, annotations=annotate(service, where)),
        "spec": spec,
    }


def from_controller(stack: Stack, service: Service, sources: Sequence[Peer]) -> Manifest:
    """Return the policy that lets the controller, and nobody else outside, reach the service's pods."""
    return policy(
        stack,
        f"{service.name}-ingress",
        COMPONENT,
        {"matchLabels": selector(stack, service.name)},
        of=service.name,
        ingress=[{"from": list(sources), "ports": tcp(service.port)}],
    )
