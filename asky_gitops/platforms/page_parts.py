"""The parts of a bootstrap page that every platform has."""

from asky_gitops.components import argocd, names
from asky_gitops.model.stack import Overlay, Stack

ARGO_CD = "v3.5.1"
"""The version whose rules and custom resources the output is checked against."""
MANIFESTS = "https://raw.githubusercontent.com/argoproj/argo-cd"


def argo_cd(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how Argo CD gets there, with the health checks a sync needs."""
    health = f"argocd/{overlay.name}/argocd-cm-health.yaml"
    return [
        "## 2. Argo CD",
        "",
        "Into the cluster that runs Argo CD (once; server-side, its definitions are too large otherwise):",
        "",
        "```sh",
        f"kubectl create namespace {argocd.NAMESPACE}",
        f"kubectl apply --server-side --namespace {argocd.NAMESPACE} \\",
        f"  --filename {MANIFESTS}/{ARGO_CD}/manifests/install.yaml",
        f"kubectl patch configmap argocd-cm --namespace {argocd.NAMESPACE} \\",
        f"  --type merge --patch-file {health}",
        "```",
        "",
        "The last command is required: without these health checks a sync fails or waits for ever on states",
        "that pass by themselves.",
        "",
        *remote_cluster(overlay),
        *private_repository(stack),
    ]


def remote_cluster(overlay: Overlay) -> list[str]:
    """Return how Argo CD learns of a cluster that is not its own."""
    if not overlay.cluster:
        return []
    return [
        f"The Applications name the cluster `{overlay.cluster}`; tell Argo CD about it, once:",
        "",
        "```sh",
        f'argocd cluster add "$(kubectl config current-context)" --name {overlay.cluster}',
        "```",
        "",
    ]


def private_repository(stack: Stack) -> list[str]:
    """Return how Argo CD logs in to the repository."""
    return [
        "If the repository is private:",
        "",
        "```sh",
        f"argocd repo add {stack.source.repo_url} --username <name> --password <token>",
        "```",
        "",
    ]


def registry(stack: Stack) -> list[str]:
    """Return how the registry's credentials get there, which git never holds."""
    wanted = sorted({name for one in stack.services.values() for name in one.image_pull_secrets})
    if not wanted:
        return []
    made = [
        f"kubectl --namespace {stack.namespace} create secret docker-registry {name} \\\n"
        "  --docker-server=<registry> --docker-username=<name> --docker-password=<token>"
        for name in wanted
    ]
    return [
        "## The registry's credentials",
        "",
        "```sh",
        f"kubectl create namespace {stack.namespace}",
        *made,
        "```",
        "",
    ]


def certificates(stack: Stack, overlay: Overlay) -> list[str]:
    """Return what must be there before certificates are signed."""
    issuer = overlay.ingress.issuer
    if issuer is None:
        return []
    where = f" in the namespace `{stack.namespace}`" if issuer.kind == "Issuer" else ""
    return [
        "## Certificates",
        "",
        f"cert-manager signs them, by the {issuer.kind} `{issuer.name}`{where}: both must be in the cluster",
        '(cert-manager.io, "Installation" and "Issuer Configuration").',
        "",
    ]


def applications(stack: Stack, overlay: Overlay, *, has_platform: bool) -> list[str]:
    """Return how the Applications are handed over; from then on git is what runs."""
    folder = f"argocd/{overlay.name}"
    files = ["platform-project", "platform"] if has_platform else []
    return [
        "## 3. The Applications",
        "",
        "```sh",
        "kubectl apply \\",
        *(f"  --filename {folder}/{name}.yaml \\" for name in [*files, "project"]),
        f"  --filename {folder}/application.yaml",
        f"argocd app wait {argocd.name(stack, overlay)} --sync --health",
        "```",
        "",
    ]


def migrations(stack: Stack) -> list[str]:
    """Return what to look at when the database does not come up to date."""
    if stack.database is None:
        return []
    return [
        "## Migrations",
        "",
        "Every sync runs the migrations that are new, after the database and its roles and before the",
        "services. A file that fails leaves nothing behind and runs again in the next sync:",
        "",
        "```sh",
        f"kubectl --namespace {stack.namespace} logs job/{names.MIGRATIONS} --container migrate",
        "```",
        "",
        "A service's readiness probe should fail while the schema is older than it needs.",
        "",
    ]


def by_hand(stack: Stack, overlay: Overlay, *commands: str) -> list[str]:
    """Return commands that Argo CD would undo, between the two that stop it and start it again.

    The sync in between is a whole one: what Argo CD mends by itself runs no hooks, so no roles and no
    migrations either.
    """
    name = argocd.name(stack, overlay)
    return [
        "```sh",
        f"argocd app set {name} --sync-policy none",
        *commands,
        f"argocd app sync {name}",
        f"kubectl apply --filename argocd/{overlay.name}/application.yaml",
        "```",
        "",
    ]
