"""The cluster itself, for eksctl: add-ons and the IAM roles that pods get by Pod Identity."""

from collections.abc import Sequence
from typing import Any

from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Aws, Overlay, Stack
from asky_gitops.platforms import pod_identity

NEWEST = (1, 35)
"""The newest version that EKS and the addons below are known to support (EKS, "Kubernetes versions")."""


def cluster_config(
    stack: Stack, overlay: Overlay, aws: Aws, operators: Sequence[str], database: Sequence[Manifest]
) -> Manifest:
    """Return the ClusterConfig; `operators` are those the overlay needs, `database` its database's objects.

    disableDefaultAddons: exactly the add-ons listed here are installed.
    """
    return {
        "apiVersion": "eksctl.io/v1alpha5",
        "kind": "ClusterConfig",
        "metadata": {
            "name": cluster_name(stack, overlay),
            "region": aws.region,
            "version": kubernetes(stack),
        },
        "addonsConfig": {"disableDefaultAddons": True},
        "addons": addons(metrics=not overlay.operators.install),
        "cloudWatch": {
            "clusterLogging": {"enableTypes": ["api", "audit", "authenticator"], "logRetentionInDays": 90}
        },
        "iam": {
            "podIdentityAssociations": pod_identity.associations(stack, overlay, aws, operators, database)
        },
        "managedNodeGroups": [
            {
                "name": "default",
                "desiredCapacity": aws.zones,
                "disableIMDSv1": True,
                "maxSize": aws.zones * 2,
                "minSize": aws.zones,
                "privateNetworking": True,
                "volumeEncrypted": True,
            }
        ],
    }


def cluster_name(stack: Stack, overlay: Overlay) -> str:
    """Return the cluster's name in AWS."""
    return overlay.cluster or f"{stack.name}-{overlay.name}"


def kubernetes(stack: Stack) -> str:
    """Return the newest version that both the stack and EKS support; the stack's oldest otherwise."""
    versions = [tuple(map(int, version.split("."))) for version in stack.kubernetes]
    fitting = [version for version in versions if version <= NEWEST]
    return ".".join(map(str, max(fitting or versions[:1])))


def addons(*, metrics: bool) -> list[dict[str, Any]]:
    """Return the add-ons, with metrics-server where Argo CD does not install it.

    The VPC CNI enforces NetworkPolicies only when told to, by the text "true".
    """
    return [
        {"name": "eks-pod-identity-agent"},
        {
            "name": "vpc-cni",
            "configurationValues": '{"enableNetworkPolicy": "true"}',
            "podIdentityAssociations": [
                managed("aws-node", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"),
            ],
            "resolveConflicts": "overwrite",
        },
        {"name": "kube-proxy"},
        {"name": "coredns"},
        *([{"name": "metrics-server"}] if metrics else []),
        {
            "name": "aws-ebs-csi-driver",
            "podIdentityAssociations": [
                managed(
                    "ebs-csi-controller-sa",
                    "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicyV2",
                ),
            ],
        },
    ]


def managed(account: str, policy: str) -> dict[str, Any]:
    """Return an add-on's association with a policy that AWS keeps."""
    return {"serviceAccountName": account, "permissionPolicyARNs": [policy]}
