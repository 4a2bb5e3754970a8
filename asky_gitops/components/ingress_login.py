"""What the load balancer's controller needs to log people in: to read one Secret, and no other."""

from asky_gitops.components.metadata import Wave, metadata
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Oidc, Stack

NAME = "ingress-login"
COMPONENT = "ingress"
CONTROLLER = ("kube-system", "aws-load-balancer-controller")
"""Namespace and ServiceAccount of the controller, as its chart names them.

The chart grants it no Secrets unless told to grant all of them (its README, `clusterSecretsPermissions`).
"""


def overlay(stack: Stack, oidc: Oidc) -> list[Manifest]:
    """Return the role that reads the client's Secret, and who has it."""
    space, account = CONTROLLER
    group = "rbac.authorization.k8s.io"
    rule = {
        "apiGroups": [""],
        "resources": ["secrets"],
        "resourceNames": [oidc.secret],
        "verbs": ["get", "list", "watch"],
    }
    return [
        {
            "apiVersion": f"{group}/v1",
            "kind": "Role",
            "metadata": metadata(stack, NAME, COMPONENT, Wave.GROUND),
            "rules": [rule],
        },
        {
            "apiVersion": f"{group}/v1",
            "kind": "RoleBinding",
            "metadata": metadata(stack, NAME, COMPONENT, Wave.GROUND),
            "roleRef": {"apiGroup": group, "kind": "Role", "name": NAME},
            "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": space}],
        },
    ]
