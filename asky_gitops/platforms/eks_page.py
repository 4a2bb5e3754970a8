"""The page that takes an AWS account to a running stack on EKS."""

from collections.abc import Mapping, Sequence
from typing import Any

from asky_gitops.components import external_secrets, names, storage_class
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.platforms import database_page, own_secrets, page_operators, page_parts, pod_identity


def page(
    stack: Stack,
    overlay: Overlay,
    cluster: Manifest,
    cluster_file: str,
    operators: Sequence[str],
    operator_values: Mapping[str, Mapping[str, Any]],
    *,
    has_platform: bool,
) -> str:
    """Return the page as Markdown; `cluster` is what the file for eksctl holds when it is first written."""
    return "\n".join(
        [
            f"# {stack.name} on EKS ({overlay.name})",
            "",
            page_parts.HERE,
            "",
            *page_parts.steps(
                {
                    "The cluster": cluster_step(stack, cluster, cluster_file),
                    "Argo CD": page_parts.argo_cd(stack, overlay),
                    "The operators": page_operators.step(stack, overlay, operators, operator_values),
                    "The platform": page_parts.platform(stack, overlay, has_platform=has_platform),
                    "Secrets": secrets(stack, overlay),
                    "The stack": page_parts.application(stack, overlay),
                }
            ),
            *page_parts.migrations(stack),
            *database_page.password(stack, overlay),
            *data(stack, overlay),
            *page_parts.remove(
                stack, overlay, operators, has_platform=has_platform, kept=kept(stack, overlay)
            ),
            *delete(stack, overlay),
            *remove_cluster(cluster),
        ]
    )


def cluster_step(stack: Stack, cluster: Manifest, cluster_file: str) -> list[str]:
    """Return how the cluster is made, and the roles its pods need."""
    name, region = cluster["metadata"]["name"], cluster["metadata"]["region"]
    rows = [
        f"| `{one['namespace']}` | `{one['serviceAccountName']}` | {pod_identity.purpose(one)} |"
        for one in cluster["iam"]["podIdentityAssociations"]
    ]
    return [
        *page_parts.prose(
            f"The file is written once and yours from then on (eksctl {names.tool(stack, 'eksctl')}). It "
            "turns on NetworkPolicies in the VPC CNI add-on; without that none of them holds."
        ),
        *page_parts.shell(
            f"eksctl create cluster --config-file=docs/bootstrap/{cluster_file}",
            f"aws eks update-kubeconfig --region={region} --name={name}",
        ),
        *(
            [
                *page_parts.prose(
                    "IAM roles come with it as Pod Identity associations, which a pod sees only when it "
                    "starts after them. This overlay needs these; when the file is older than a line, "
                    "add it there:"
                ),
                "| namespace | service account | may |",
                "| --- | --- | --- |",
                *rows,
                "",
                *page_parts.shell(
                    f"eksctl create podidentityassociation --config-file=docs/bootstrap/{cluster_file}"
                ),
            ]
            if rows
            else []
        ),
    ]


def secrets(stack: Stack, overlay: Overlay) -> list[str]:
    """Return what must be there before the first sync, and git never holds."""
    local = [
        *page_parts.registry(stack),
        *login(stack, overlay),
        *database_page.administrator(stack, overlay),
    ]
    first = page_parts.namespace_first(stack, overlay) if local else []
    return [*values(stack, overlay), *first, *local, *page_parts.certificates(stack, overlay)]


def kept(stack: Stack, overlay: Overlay) -> str:
    """Return what a removal leaves, in words."""
    data = ["the Cluster with its volumes"] if stack.database and not stack.database.external else []
    storage = ["the StorageClass"] if storage_class.platform(stack, overlay) else []
    return ", ".join(["the Namespaces", *data, *storage])


def values(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how the secrets' values get to AWS Secrets Manager, without passing through git or a history."""
    if overlay.secrets.provider != "external-secrets" or overlay.aws is None:
        return []
    prefix = overlay.secrets.prefix
    owners = [names.MIGRATIONS] if stack.database else []
    owners += [service.name for service in names.database_users(stack)]
    wanted = {f"{prefix}/{names.login_secret(owner)}": ["password"] for owner in owners}
    if stack.database and stack.database.external:
        parts = external_secrets.administrators(stack.database.external)
        wanted[f"{prefix}/{stack.database.external.secret}"] = parts
    for service in sorted(stack.services.values(), key=lambda one: one.name):
        for name, secret in sorted(service.secrets.items()):
            key = f"{prefix}/{secret.remote or service.name}"
            wanted.setdefault(key, []).append(
                (secret.property or "(the whole value)") if secret.remote else name
            )
    rows = [f"| `{key}` | {', '.join(f'`{part}`' for part in parts)} |" for key, parts in wanted.items()]
    return [
        *page_parts.prose("External Secrets reads these from AWS Secrets Manager, each a JSON object:"),
        "| secret | properties |",
        "| --- | --- |",
        *rows,
        "",
        *page_parts.prose(
            "Letters and digits only: passwords become part of a URL. For a login, for example:"
        ),
        *page_parts.shell(
            f"aws secretsmanager create-secret --region={overlay.aws.region} \\",
            f"  --name={next(iter(wanted), prefix)} \\",
            "  --secret-string=file://<(aws secretsmanager get-random-password --exclude-punctuation \\",
            "    --password-length=40 --output=text --query=RandomPassword |",
            """    jq --raw-input '{password: .}')""",
        ),
    ]


def login(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how the load balancer's client at the identity provider gets there, and who may read it."""
    oidc = overlay.ingress.oidc
    if oidc is None:
        return []
    return [
        *page_parts.prose(
            "The load balancer logs everybody in at the identity provider, whose client it reads from a "
            "Secret:"
        ),
        *page_parts.shell(
            f"kubectl create secret generic {oidc.secret} --namespace {stack.namespace} \\",
            f"  {page_parts.files(own_secrets.CLIENT)}",
        ),
        *page_parts.prose(
            "The provider must know `https://<host>/oauth2/idpresponse` of every public host as a "
            "redirect URI."
        ),
    ]


def data(stack: Stack, overlay: Overlay) -> list[str]:
    """Return what to do with a Cluster's data."""
    database = overlay.database
    if database is None or database.external:
        return []
    return [
        *database_page.restore(stack, overlay, database),
        *database_page.major_version(stack, overlay),
    ]


def delete(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how the data goes, which nothing else deletes."""
    if stack.database is None or stack.database.external:
        return []
    name = names.cluster(stack)
    return [
        "## Delete the data on purpose",
        "",
        *page_parts.prose(
            "Neither git nor Argo CD deletes the Cluster. When it is deleted its volumes' claims go with "
            "it, the volumes themselves stay (`reclaimPolicy: Retain`) until someone deletes them too. "
            "To start with an empty database:"
        ),
        *page_parts.by_hand(
            stack,
            overlay,
            f"kubectl delete cluster.postgresql.cnpg.io {name} --namespace {stack.namespace}",
        ),
        *page_parts.prose('After "Remove it", what is left of the stack goes with its namespace:'),
        *page_parts.shell(f"kubectl delete namespace {stack.namespace}"),
        *page_parts.prose("Either way the volumes are still in the account:"),
        *page_parts.shell("kubectl get persistentvolumes"),
    ]


def remove_cluster(cluster: Manifest) -> list[str]:
    """Return how the cluster goes; load balancers that an Ingress made would outlive it."""
    name, region = cluster["metadata"]["name"], cluster["metadata"]["region"]
    return [
        *page_parts.prose(
            "The cluster itself goes last, when the Ingresses are gone and their load balancers with them:"
        ),
        *page_parts.shell(f"eksctl delete cluster --region={region} --name={name} --wait"),
    ]
