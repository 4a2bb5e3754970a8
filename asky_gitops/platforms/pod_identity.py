"""The IAM roles that pods get by Pod Identity: each may do what its program needs, and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Aws, Overlay, Stack

READ_SECRETS = ("DescribeSecret", "GetResourcePolicy", "GetSecretValue", "ListSecretVersionIds")
WRITE_BACKUPS = ("AbortMultipartUpload", "DeleteObject", "GetObject", "PutObject", "PutObjectTagging")
"""What barman-cloud asks of S3, besides a list of the bucket (docs.pgbarman.org, "Barman Cloud")."""
IRSA = "eks.amazonaws.com/role-arn"
"""The annotation of an account that has its role in the other way."""


def associations(
    stack: Stack, overlay: Overlay, aws: Aws, operators: Sequence[str], database: Sequence[Manifest]
) -> list[dict[str, Any]]:
    """Return the roles of the operators that act on AWS, and of the database that archives to S3."""
    made: list[dict[str, Any]] = []
    if "aws-load-balancer-controller" in operators:
        controller = of("kube-system", "aws-load-balancer-controller")
        made.append({**controller, "wellKnownPolicies": {"awsLoadBalancerController": True}})
    if "external-secrets" in operators:
        arn = f"arn:aws:secretsmanager:{aws.region}:{aws.account}:secret:{overlay.secrets.prefix}/*"
        reading = allow("secretsmanager", READ_SECRETS, arn)
        made.append({**of("external-secrets", "external-secrets"), "permissionPolicy": policy(reading)})
    for account, bucket, folder in archives(database):
        writing = allow("s3", WRITE_BACKUPS, f"arn:aws:s3:::{bucket}/{folder}*")
        listing = allow("s3", ["ListBucket"], f"arn:aws:s3:::{bucket}")
        made.append({**of(stack.namespace, account), "permissionPolicy": policy(writing, listing)})
    return made


def archives(database: Sequence[Manifest]) -> list[tuple[str, str, str]]:
    """Return account, bucket and folder (empty, or with a slash behind it) for each store of backups.

    An account with a role of its own (IRSA) needs no association.
    """
    accounts = {one["metadata"]["name"]: one for one in database if one["kind"] == "ServiceAccount"}
    users = {one["spec"].get("serviceAccountName", "") for one in database if one["kind"] == "Cluster"}
    stores = [one["spec"]["configuration"] for one in database if one["kind"] == "ObjectStore"]
    found = []
    for path in sorted({store["destinationPath"] for store in stores}):
        bucket, _, folder = path.removeprefix("s3://").partition("/")
        for name in sorted(users & set(accounts)):
            if IRSA not in accounts[name]["metadata"].get("annotations", {}):
                found.append((name, bucket, f"{folder}/" if folder else ""))
    return found


def of(namespace: str, account: str) -> dict[str, str]:
    """Return the part of an association that says whose pods it is for."""
    return {"namespace": namespace, "serviceAccountName": account}


def allow(service: str, actions: Sequence[str], arn: str) -> dict[str, Any]:
    """Return one statement of an IAM policy."""
    return {"Effect": "Allow", "Action": [f"{service}:{action}" for action in actions], "Resource": arn}


def policy(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """Return an IAM policy."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def purpose(association: Mapping[str, Any]) -> str:
    """Return what a role lets its pods do, in words for a page."""
    if "wellKnownPolicies" in association:
        return "make and change load balancers"
    statement = association["permissionPolicy"]["Statement"][0]
    verb = "read" if statement["Action"][0].startswith("secretsmanager:") else "write backups to"
    return f"{verb} `{statement['Resource']}`"
