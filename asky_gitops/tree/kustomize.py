"""Kustomizations as plain data, keys in the order `kustomize edit` writes them."""

from collections.abc import Sequence
from typing import Any

KUSTOMIZATION = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}
COMPONENT = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}


def kustomization(resources: Sequence[str]) -> dict[str, Any]:
    """Return a root or a folder that lists its resources."""
    return {**KUSTOMIZATION, "resources": list(resources)}


def entry(namespace: str, resources: Sequence[str], components: Sequence[str]) -> dict[str, Any]:
    """Return an overlay's entry; the namespace is set here and nowhere else."""
    return {
        **KUSTOMIZATION,
        "resources": list(resources),
        "namespace": namespace,
        "components": list(components),
    }


def component(resources: Sequence[str], patches: Sequence[str]) -> dict[str, Any]:
    """Return a Kustomize Component.

    Components run before their parent's own transformers and in order, so that a later one can patch
    what an earlier one made.
    """
    made: dict[str, Any] = {**COMPONENT, "resources": list(resources)}
    if patches:
        made["patches"] = [{"path": path} for path in patches]
    return made


def config_map(name: str, files: Sequence[str], options: dict[str, Any]) -> dict[str, Any]:
    """Return a folder that becomes one ConfigMap; no hash in its name, a Job refers to it by name."""
    sealed = dict(sorted({**options, "disableNameSuffixHash": True}.items()))
    return {**KUSTOMIZATION, "configMapGenerator": [{"files": list(files), "name": name, "options": sealed}]}
