"""One part of the stack = one module of pure functions from the stack to manifests."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from asky_gitops.components import migrations, network, services
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Stack

Base = Callable[[Stack], list[Manifest]]
"""What a component puts into base; what it puts into an overlay, a platform asks it for."""

COMPONENTS: Mapping[str, Base] = MappingProxyType(
    {"services": services.base, "network": network.base, "migrations": migrations.base}
)
"""The components of base by name, in the order their folders are listed."""
