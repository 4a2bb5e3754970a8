"""One Kubernetes object as plain data, and the reference that names it."""

from dataclasses import dataclass
from typing import Any

Manifest = dict[str, Any]
"""A Kubernetes object: `apiVersion`, `kind`, `metadata`, … as JSON types, keys in print order."""


@dataclass(frozen=True, slots=True, order=True)
class ResourceRef:
    """What identifies one object in a render."""

    api_version: str
    kind: str
    namespace: str | None
    name: str

    def __str__(self) -> str:
        """Return `Kind namespace/name`, the form messages use."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"
