"""Namespaces, each with the Pod Security level its pods need."""

from collections.abc import Mapping

from asky_gitops.components.metadata import KEEP, Wave, metadata
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Stack


def namespace(
    stack: Stack, name: str, level: str, component: str, more: Mapping[str, str] | None = None
) -> Manifest:
    """Return a Namespace that enforces a Pod Security level; its audit log names what is not "restricted".

    It warns at the level it enforces: what is meant to be there would warn at every apply. The version is the
    oldest the stack is for: a newer cluster then judges by the rules we were checked by.
    """
    made = metadata(stack, name, component, Wave.GROUND, options=KEEP)
    version = f"v{stack.kubernetes[0]}"
    for mode in ("audit", "enforce", "warn"):
        made["labels"][f"pod-security.kubernetes.io/{mode}"] = "restricted" if mode == "audit" else level
        made["labels"][f"pod-security.kubernetes.io/{mode}-version"] = version
    made["labels"] = dict(sorted({**made["labels"], **(more or {})}.items()))
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": made}
