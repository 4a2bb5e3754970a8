"""What must hold for names: ours are taken, and a reference leads to something that is there."""

from collections import Counter
from collections.abc import Mapping

from asky_gitops.adapters.spec_decode import Complaints
from asky_gitops.adapters.spec_leaves import nearest
from asky_gitops.adapters.spec_merge import Layers
from asky_gitops.adapters.spec_yaml import Steps

RESERVED = (
    "allow-dns",
    "base",
    "custom",
    "default-deny",
    "generated",
    "migrations",
    "network",
    "platform",
    "postgres",
    "postgres-clients",
    "postgres-headless",
    "postgres-pooler",
    "postgres-primary",
    "postgres-restored",
    "postgres-ro",
    "postgres-roles",
    "secrets",
    "seeds",
    "sql-migrations",
    "sql-seeds",
)
"""Folders and objects of our own."""
DERIVED = {
    "db": "database login",
    "ingress": "NetworkPolicy",
    "metrics": "NetworkPolicy",
    "tls": "certificate",
}
"""What the objects named `<service>-<suffix>` are."""
NAMESPACES = ("argocd", "default", "kube-node-lease", "kube-public", "kube-system")
"""Namespaces that belong to the cluster: the stack labels its own and closes its network."""


def names(layers: Layers, complaints: Complaints) -> None:
    """Refuse names that collide with ours, and references to services that are none."""
    metadata = layers.at("metadata")
    namespace = metadata.get("namespace") or metadata.get("name")
    if namespace in NAMESPACES:
        steps: Steps = ("metadata", "namespace") if metadata.get("namespace") else ("metadata", "name")
        complaints.add(steps, f"namespace {namespace} belongs to the cluster", hint="give the stack its own")
    services = layers.at("services")
    if not services and complaints.sound(("services",)):
        complaints.add(("services",), "services needs at least one service", key=True)
    for name in services:
        if taken := owner(name, services, str(metadata.get("name", ""))):
            complaints.add(("services", name), f"a service cannot be named {name}: {taken}", key=True)
        calls(layers, ("services", name), complaints)
    for overlay in layers.at("overlays"):
        for name in layers.at("overlays", overlay, "services"):
            steps = ("overlays", overlay, "services", name)
            unknown(name, services, steps, complaints, key=True)
            calls(layers, steps, complaints)


def owner(name: str, services: Mapping[str, object], stack: str) -> str | None:
    """Say what else has a service's name, if anything."""
    for suffix, what in DERIVED.items():
        if (other := name.removesuffix(f"-{suffix}")) != name and other in services:
            return f"that is the {what} of {other}"
    taken = name in RESERVED or (stack and name.startswith(f"{stack}-db"))
    return "the name is taken" if taken else None


def calls(layers: Layers, at: Steps, complaints: Complaints) -> None:
    """Judge one list of `calls`: known services, each once, not itself."""
    said = layers.value((*at, "calls"))
    seen: set[str] = set()
    for index, callee in enumerate(said if isinstance(said, list) else []):
        steps = (*at, "calls", index)
        if callee is None:
            continue
        if callee == at[-1]:
            complaints.add(steps, f"{callee} calls itself", hint="a pod reaches itself through localhost")
        elif callee in seen:
            complaints.add(steps, f"{callee} is listed twice")
        else:
            unknown(callee, layers.at("services"), steps, complaints)
        seen.add(callee)


def unknown(
    name: str, services: Mapping[str, object], steps: Steps, complaints: Complaints, key: bool = False
) -> None:
    """Refuse a service that `services` does not have; one that could not be read has its own error."""
    if name not in services and ("services", name) not in complaints.broken:
        complaints.add(
            steps, f"no service is named {name}", suggestion=nearest(name, list(services)), key=key
        )


def twice(items: tuple[object, ...]) -> list[int]:
    """Return the positions of items that stand further up already."""
    seen: Counter[object] = Counter()
    again = []
    for index, item in enumerate(items):
        if seen[item]:
            again.append(index)
        seen[item] += 1
    return again
