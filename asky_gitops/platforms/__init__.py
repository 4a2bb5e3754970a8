"""One platform = one module: its defaults, and what it makes of a stack in one overlay."""

from collections.abc import Mapping, Sequence
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

    PROVIDES: frozenset[str]
    """Operators that the platform itself brings, by their charts' names."""

    def overlay(self, stack: Stack, overlay: Overlay) -> Parts:
        """Return what the overlay adds to base; `stack` is the stack as the overlay sees it."""

    def platform(self, stack: Stack, overlay: Overlay) -> Parts:
        """Return what is the cluster's rather than the stack's: its own root and Application."""

    def operator_values(self, stack: Stack, overlay: Overlay) -> Mapping[str, Mapping[str, Any]]:
        """Return, by chart, the values that only the platform knows."""

    def bootstrap(self, stack: Stack, overlay: Overlay, operators: Sequence[str]) -> str:
        """Return the page (Markdown) that takes an empty cluster to a running stack with these operators."""

    def bootstrap_files(
        self, stack: Stack, overlay: Overlay, operators: Sequence[str]
    ) -> dict[str, Manifest]:
        """Return files that the page uses, by name; they are written once."""


PLATFORMS: Mapping[str, Platform] = MappingProxyType({"eks": eks, "minikube": minikube})
