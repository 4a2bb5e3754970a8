"""What a render needs of the cluster it goes to, read from the objects themselves."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from asky_gitops.model.manifest import Manifest

DEFAULT = ""
"""The name of the class that the cluster takes where an object names none."""


@dataclass(frozen=True, slots=True)
class RemoteSecret:
    """One secret at the provider, and the properties read of it; none is the whole value."""

    key: str
    properties: tuple[str, ...]
    readers: tuple[str, ...]
    """The ExternalSecrets (`namespace/name`) that read it."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be there before the objects can be: each part sorted."""

    kinds: Mapping[str, tuple[str, ...]]
    """apiVersion to the kinds of it."""
    storage_classes: tuple[str, ...]
    """Names that a claim asks for and the render does not bring itself."""
    ingress_classes: tuple[str, ...]
    network_policies: bool
    metrics: bool
    """Whether an autoscaler reads the pods' metrics."""
    remote: tuple[RemoteSecret, ...]


def needs(manifests: Iterable[Manifest]) -> Needs:
    """Return what the objects of an overlay, its platform's root among them, need."""
    every = list(manifests)
    kinds: dict[str, set[str]] = {}
    for one in every:
        kinds.setdefault(str(one["apiVersion"]), set()).add(str(one["kind"]))
    brought = {one["metadata"]["name"] for one in every if one["kind"] == "StorageClass"}
    present = {one["kind"] for one in every}
    return Needs(
        kinds={version: tuple(sorted(kinds[version])) for version in sorted(kinds)},
        storage_classes=tuple(sorted({name for one in every for name in classes(one)} - brought)),
        ingress_classes=tuple(sorted({ingress_class(one) for one in every if one["kind"] == "Ingress"})),
        network_policies="NetworkPolicy" in present,
        metrics="HorizontalPodAutoscaler" in present,
        remote=tuple(remote(every)),
    )


def classes(manifest: Manifest) -> Iterator[str]:
    """Yield the storage classes that an object's claims ask for."""
    spec = manifest.get("spec") or {}
    match manifest["kind"]:
        case "PersistentVolumeClaim":
            yield spec.get("storageClassName", DEFAULT)
        case "StatefulSet":
            for claim in spec.get("volumeClaimTemplates") or []:
                yield (claim.get("spec") or {}).get("storageClassName", DEFAULT)
        case "Cluster" if str(manifest["apiVersion"]).startswith("postgresql.cnpg.io/"):
            for part in ("storage", "walStorage"):
                if part in spec:
                    yield spec[part].get("storageClass", DEFAULT)


def ingress_class(manifest: Manifest) -> str:
    """Return the class of an Ingress."""
    return str((manifest.get("spec") or {}).get("ingressClassName", DEFAULT))


def remote(manifests: Iterable[Manifest]) -> Iterator[RemoteSecret]:
    """Yield the secrets that ExternalSecrets read, by key."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for one in manifests:
        if one["kind"] == "ExternalSecret":
            reader = f"{one['metadata'].get('namespace', '')}/{one['metadata']['name']}"
            for key, part in references(one.get("spec") or {}):
                properties, readers = found.setdefault(key, (set(), set()))
                properties.update([part] if part else [])
                readers.add(reader)
    for key in sorted(found):
        yield RemoteSecret(key, tuple(sorted(found[key][0])), tuple(sorted(found[key][1])))


def references(spec: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield (key, property) of everything an ExternalSecret fetches."""
    for entry in spec.get("data") or []:
        yield entry["remoteRef"]["key"], entry["remoteRef"].get("property")
    for entry in spec.get("dataFrom") or []:
        if "extract" in entry:
            yield entry["extract"]["key"], entry["extract"].get("property")
