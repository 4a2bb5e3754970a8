"""The cluster itself, for eksctl: add-ons and the IAM roles that pods get by Pod Identity."""

from collections.abc import Mapping, Sequence
from typing import Any

from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Aws, Overlay, Stack

NEWEST = (1, 35)
"""The newest version that EKS and the addons below are known to support (EKS, "Kubernetes versions")."""


def cluster_config(stack: Stack, overlay: Overlay, aws: Aws, operators: Sequence[str]) -> Manifest:
    """Return the ClusterConfig; `operators` are those the overlay needs.

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
        "iam": {"podIdentityAssociations": associations(overlay, aws, operators)},
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


def associations(overlay: Overlay, aws: Aws, operators: Sequence[str]) -> list[dict[str, Any]]:
    """Return the roles of the operators that act on AWS."""
    made: list[dict[str, Any]] = []
    if "aws-load-balancer-controller" in operators:
        made.append(
            {
                "namespace": "kube-system",
                "serviceAccountName": "aws-load-balancer-controller",
                "wellKnownPolicies": {"awsLoadBalancerController": True},
            }
        )
    if "external-secrets" in operators:
        arn = f"arn:aws:secretsmanager:{aws.region}:{aws.account}:secret:{overlay.secrets.prefix}/*"
        made.append(
            {
                "namespace": "external-secrets",
                "serviceAccountName": "external-secrets",
                "permissionPolicy": reading(arn),
            }
        )
    return made


def purpose(association: Mapping[str, Any]) -> str:
    """Return what a role lets its pods do, in words for a page."""
    if "wellKnownPolicies" in association:
        return "make and change load balancers"
    resource = association["permissionPolicy"]["Statement"][0]["Resource"]
    return f"read `{resource}`"


def reading(arn: str) -> dict[str, Any]:
    """Return the IAM policy that reads the overlay's secrets and no others."""
    actions = ["DescribeSecret", "GetResourcePolicy", "GetSecretValue", "ListSecretVersionIds"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": [f"secretsmanager:{action}" for action in actions],
                "Resource": arn,
            }
        ],
    }
