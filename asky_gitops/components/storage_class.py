"""Encrypted volumes on AWS; the driver's own default is not encrypted (aws-ebs-csi-driver, parameters)."""

from asky_gitops.components.metadata import KEEP, Wave, metadata
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack

NAME = "gp3-encrypted"


def platform(stack: Stack, overlay: Overlay) -> list[Manifest]:
    """Return the StorageClass when the overlay's database uses it; another one is the user's own."""
    if overlay.database is None or overlay.database.storage_class != NAME:
        return []
    return [
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": metadata(stack, NAME, "storage", Wave.GROUND, options=KEEP),
            "provisioner": "ebs.csi.aws.com",
            "parameters": {"csi.storage.k8s.io/fstype": "ext4", "encrypted": "true", "type": "gp3"},
            "allowVolumeExpansion": True,
            "reclaimPolicy": "Retain",
            "volumeBindingMode": "WaitForFirstConsumer",
        }
    ]
