"""The page that takes an AWS account to a running stack on EKS."""

from asky_gitops.components import names
from asky_gitops.model.stack import Aws, Overlay, Stack
from asky_gitops.platforms import eksctl, page_parts

CHARTS = {
    "cloudnative-pg": ("https://cloudnative-pg.github.io/charts", "0.29.0", "cnpg-system"),
    "external-secrets": ("https://charts.external-secrets.io", "2.9.0", "external-secrets"),
}
"""Chart to its repository, version and namespace."""
LOAD_BALANCER = ("https://aws.github.io/eks-charts", "3.5.0")
"""The load balancer controller's repository and version."""


def page(stack: Stack, overlay: Overlay, aws: Aws, cluster_file: str) -> str:
    """Return the page as Markdown."""
    return "\n".join(
        [
            f"# {stack.name} on EKS ({overlay.name})",
            "",
            "## 1. The cluster and its operators",
            "",
            "```sh",
            f"eksctl create cluster --config-file docs/bootstrap/{cluster_file}",
            *charts(stack, overlay, aws),
            "```",
            "",
            "The file turns on NetworkPolicies in the VPC CNI add-on. IAM roles come with it as Pod Identity",
            "associations, which a pod sees only when it starts after them.",
            "",
            *values(stack, overlay, aws),
            *page_parts.argo_cd(stack, overlay),
            *page_parts.registry(stack),
            *page_parts.certificates(stack, overlay),
            *login(stack, overlay),
            *page_parts.applications(stack, overlay, has_platform=True),
            *page_parts.migrations(stack),
            *rotate(stack),
            *delete(stack, overlay),
        ]
    )


def charts(stack: Stack, overlay: Overlay, aws: Aws) -> list[str]:
    """Return the commands that install the operators the overlay's resources belong to."""
    wanted = ["cloudnative-pg"] if overlay.database else []
    wanted += ["external-secrets"] if overlay.secrets.provider == "external-secrets" else []
    lines = [
        f"helm install {chart} {chart} --repo {repository} --version {version} \\\n"
        f"  --namespace {namespace} --create-namespace --wait"
        for chart, (repository, version, namespace) in CHARTS.items()
        if chart in wanted
    ]
    if overlay.ingress.class_name == "alb":
        lines += load_balancer(eksctl.cluster_name(stack, overlay), aws.region)
    return lines


def load_balancer(cluster: str, region: str) -> list[str]:
    """Return the commands for the load balancer controller; pods cannot ask the node which VPC it is in."""
    repository, version = LOAD_BALANCER
    return [
        f"vpc=$(aws eks describe-cluster --region {region} --name {cluster} \\",
        "  --query cluster.resourcesVpcConfig.vpcId --output text)",
        "helm install aws-load-balancer-controller aws-load-balancer-controller \\",
        f"  --repo {repository} --version {version} --namespace kube-system --wait \\",
        f'  --set clusterName={cluster} --set region={region} --set vpcId="$vpc"',
    ]


def values(stack: Stack, overlay: Overlay, aws: Aws) -> list[str]:
    """Return how the secrets' values get to AWS Secrets Manager, without passing through git or a history."""
    if overlay.secrets.provider != "external-secrets":
        return []
    prefix = overlay.secrets.prefix
    owners = [names.MIGRATIONS] if stack.database else []
    owners += [service.name for service in names.database_users(stack)]
    wanted = {f"{prefix}/{names.login_secret(owner)}": ["password"] for owner in owners}
    for service in sorted(stack.services.values(), key=lambda one: one.name):
        for name, secret in sorted(service.secrets.items()):
            key = f"{prefix}/{secret.remote or service.name}"
            wanted.setdefault(key, []).append(
                (secret.property or "(the whole value)") if secret.remote else name
            )
    rows = [f"| `{key}` | {', '.join(f'`{part}`' for part in parts)} |" for key, parts in wanted.items()]
    return [
        "## The secrets' values",
        "",
        "External Secrets reads these from AWS Secrets Manager, each a JSON object:",
        "",
        "| secret | properties |",
        "| --- | --- |",
        *rows,
        "",
        "Letters and digits only: passwords become part of a URL. For a login, for example:",
        "",
        "```sh",
        f"aws secretsmanager create-secret --region {aws.region} --name {next(iter(wanted), prefix)} \\",
        "  --secret-string file://<(aws secretsmanager get-random-password --exclude-punctuation \\",
        "    --password-length 40 --output text --query RandomPassword |",
        """    jq --raw-input '{password: .}')""",
        "```",
        "",
    ]


def login(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how the load balancer's client at the identity provider gets there, and who may read it."""
    oidc = overlay.ingress.oidc
    if oidc is None:
        return []
    return [
        "## The login's client",
        "",
        "The load balancer logs everybody in at the identity provider, whose client it reads from a Secret:",
        "",
        "```sh",
        f"kubectl --namespace {stack.namespace} create secret generic {oidc.secret} \\",
        "  --from-file=clientID=<file> --from-file=clientSecret=<file>",
        "```",
        "",
        "The provider must know `https://<host>/oauth2/idpresponse` of every public host as a redirect URI.",
        "",
    ]


def rotate(stack: Stack) -> list[str]:
    """Return how a password changes."""
    if stack.database is None:
        return []
    return [
        "## Change a password",
        "",
        "Change it in Secrets Manager. Within an hour the Secret follows and CloudNativePG changes the role;",
        "connections that are open stay open. Pods hold the old password until they restart, so restart them",
        "when the Secret has changed:",
        "",
        "```sh",
        f"kubectl --namespace {stack.namespace} rollout restart deployment <service>",
        "```",
        "",
    ]


def delete(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how the data goes, which nothing else deletes."""
    if stack.database is None:
        return []
    return [
        "## Delete the data on purpose",
        "",
        "Neither git nor Argo CD deletes the Cluster. When it is deleted its volumes' claims go with it, the",
        "volumes themselves stay (`reclaimPolicy: Retain`) until someone deletes them too.",
        "",
        *page_parts.by_hand(
            stack,
            overlay,
            f"kubectl --namespace {stack.namespace} delete cluster.postgresql.cnpg.io {names.cluster(stack)}",
            "kubectl get persistentvolume",
        ),
    ]
