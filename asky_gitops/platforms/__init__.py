"""One platform = one module: its defaults, and what it makes of a stack in one overlay."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.platforms import eks, minikube

Parts = dict[str, list[Manifest]]
"""Manifests by the folder they go to."""


class Platform(Protocol):
    """What a platform's module holds."""

    DEFAULTS: Mapping[str, Any]
    """In the shape of an overlay in the spec; weaker than anything the spec says."""
    PUBLISHES_ADDRESS: bool
    """Whether its ingress controller writes an address into the Ingress's status."""

    def overlay(self, stack: Stack, overlay: Overlay) -> Parts:
        """Return what the overlay adds to base; `stack` is the stack as the overlay sees it."""

    def platform(self, stack: Stack, overlay: Overlay) -> Parts:
        """Return what is the cluster's rather than the stack's: its own root and Application."""

    def bootstrap(self, stack: Stack, overlay: Overlay) -> str:
        """Return the page (Markdown) that takes an empty cluster to a running stack."""

    def bootstrap_files(self, stack: Stack, overlay: Overlay) -> dict[str, Manifest]:
        """Return files that the page uses, by name."""


PLATFORMS: Mapping[str, Platform] = MappingProxyType({"eks": eks, "minikube": minikube})
