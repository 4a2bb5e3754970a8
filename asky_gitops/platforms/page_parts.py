"""The parts of a bootstrap page that every platform has; kubectl is all that they need."""

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence

from asky_gitops.components import argocd, names
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.platforms import own_secrets

MANIFESTS = "https://raw.githubusercontent.com/argoproj/argo-cd"
FINALIZER = "resources-finalizer.argocd.argoproj.io"
HERE = "Every command runs in the root of this repository, with `kubectl` pointed at the cluster."


def steps(parts: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the steps of a page by their titles, numbered; one with nothing to do is none."""
    made = [(title, lines) for title, lines in parts.items() if lines]
    return [
        line
        for number, (title, lines) in enumerate(made, 1)
        for line in (f"## {number}. {title}", "", *lines)
    ]


def prose(text: str) -> list[str]:
    """Return a paragraph in lines of a page's width; words are never parted."""
    return [*textwrap.wrap(text, 110, break_long_words=False, break_on_hyphens=False), ""]


def shell(*commands: str) -> list[str]:
    """Return commands as a block that can be copied."""
    return ["```sh", *commands, "```", ""]


def wait(*applications: str) -> list[str]:
    """Return the commands that wait until Applications are as git says and well."""
    named = " \\\n  ".join(f"application/{one}" for one in applications)
    return [
        f"kubectl wait --namespace {argocd.NAMESPACE} --timeout=20m \\\n  {named} \\\n"
        f"  --for=jsonpath='{{.status.{what}}}'={state}"
        for what, state in (("sync.status", "Synced"), ("health.status", "Healthy"))
    ]


def argo_cd(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how Argo CD gets there, with the settings a sync needs and the right to read the repository."""
    version = names.tool(stack, "argo-cd")
    return [
        *prose(
            "Once, into the cluster that runs Argo CD; server-side, for its definitions are too large "
            "otherwise:"
        ),
        *shell(
            f"kubectl create namespace {argocd.NAMESPACE} --dry-run=client --output=yaml |",
            "  kubectl apply --filename=-",
            f"kubectl apply --server-side --namespace {argocd.NAMESPACE} \\",
            f"  --filename={MANIFESTS}/{version}/manifests/install.yaml",
            "kubectl apply --server-side --field-manager=asky-gitops \\",
            f"  --filename=argocd/{overlay.name}/argocd-cm-health.yaml",
        ),
        *prose(
            "The last command is required: without these health checks a sync fails or waits for ever on "
            "states that pass by themselves. They are the same for every overlay, and a field manager of "
            "their own keeps them when Argo CD is installed anew."
        ),
        *remote_cluster(overlay),
        *private_repository(stack),
    ]


def remote_cluster(overlay: Overlay) -> list[str]:
    """Return how Argo CD learns of a cluster that is not its own."""
    if not overlay.cluster:
        return []
    return [
        *prose(
            f"The Applications name the cluster `{overlay.cluster}`. Tell Argo CD about it once, also "
            "when it is the one that Argo CD runs in (`argocd login` comes first):"
        ),
        *shell(f'argocd cluster add "$(kubectl config current-context)" --name={overlay.cluster}'),
    ]


def private_repository(stack: Stack) -> list[str]:
    """Return how Argo CD logs in to the repository; nothing of it passes through a shell's history."""
    name = f"{stack.name}-repository"
    return [
        *prose("If the repository is private, give Argo CD a login that can read it, each part in a file:"),
        *shell(
            f"kubectl create secret generic {name} --namespace {argocd.NAMESPACE} \\",
            f"  --from-literal=type=git --from-literal=url={stack.source.repo_url} \\",
            "  --from-file=username=<file> --from-file=password=<file>",
            f"kubectl label secret {name} --namespace {argocd.NAMESPACE} \\",
            "  argocd.argoproj.io/secret-type=repository",
        ),
    ]


def platform(stack: Stack, overlay: Overlay, *, has_platform: bool) -> list[str]:
    """Return how the cluster gets what is not the stack's own, with what a second node-exporter would do."""
    if not has_platform:
        return []
    folder = f"argocd/{overlay.name}"
    commands = [f"kubectl apply --filename={folder}/platform-project.yaml --filename={folder}/platform.yaml"]
    return [
        *prose(
            f"What the stack stands on has an Application of its own: `overlays/{overlay.name}/platform/`."
        ),
        *shell(*commands, *wait(argocd.name(stack, overlay, "platform"))),
        *node_exporter(stack),
    ]


def node_exporter(stack: Stack) -> list[str]:
    """Return how ours and another node-exporter get along."""
    if not stack.monitoring.node_exporter:
        return []
    return [
        *prose(
            "If a node-exporter is there already (kube-prometheus-stack brings one), set `monitoring: "
            "{nodeExporter: false}` in asky.yaml. Both run beside each other, for ours takes no port of "
            "the node; but every node's series would be there twice, and sums over them would be double:"
        ),
        *shell("kubectl get daemonsets --all-namespaces --selector=app.kubernetes.io/name=node-exporter"),
    ]


def registry(stack: Stack) -> list[str]:
    """Return how the registry's credentials get there, which git never holds."""
    wanted = own_secrets.registries(stack)
    if not wanted:
        return []
    made = [
        f"kubectl create secret generic {name} --namespace {stack.namespace} \\\n"
        f"  --type=kubernetes.io/dockerconfigjson {files(own_secrets.LOGIN)}"
        for name in wanted
    ]
    return [
        *prose("The registry's login, as `docker login` writes it into `config.json`:"),
        *shell(*made),
    ]


def files(keys: Iterable[str]) -> str:
    """Return the flags that fill a Secret's keys from files: what is typed stays in a shell's history."""
    return " ".join(f"--from-file={key}=<file>" for key in keys)


def namespace_first(stack: Stack, overlay: Overlay) -> list[str]:
    """Return the command that makes the namespace as git has it: Secrets can be there before a sync."""
    file = f"overlays/{overlay.name}/generated/namespace.yaml"
    return [
        *prose("Secrets of your own come before the first sync; the namespace is the one that git has:"),
        *shell(f"kubectl apply --filename={file}"),
    ]


def certificates(stack: Stack, overlay: Overlay) -> list[str]:
    """Return what must be there before certificates are signed."""
    issuer = overlay.ingress.issuer
    if issuer is None:
        return []
    where = f" in the namespace `{stack.namespace}`" if issuer.kind == "Issuer" else ""
    return [
        *prose(
            f"cert-manager signs the hosts' certificates, by the {issuer.kind} `{issuer.name}`{where}, "
            'which must be in the cluster (cert-manager.io, "Issuer Configuration").'
        ),
    ]


def application(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how the stack is handed over; from then on git is what runs."""
    folder, name = f"argocd/{overlay.name}", argocd.name(stack, overlay)
    return [
        *shell(
            f"kubectl apply --filename={folder}/project.yaml --filename={folder}/application.yaml",
            *wait(name),
        ),
        *prose(
            "From now on git is what runs. A sync that fails is tried again for ever, at the longest "
            "every five minutes; what stands in the way:"
        ),
        *shell(
            f"kubectl get application {name} --namespace {argocd.NAMESPACE} \\",
            "  --output=jsonpath='{.status.operationState.message}'",
        ),
    ]


def migrations(stack: Stack) -> list[str]:
    """Return what to look at when the database does not come up to date."""
    if stack.database is None:
        return []
    return [
        "## Migrations",
        "",
        *prose(
            "Every sync runs the migrations that are new, after the database and its roles and before "
            "the services. A file that fails leaves nothing behind and runs again in the next sync:"
        ),
        *shell(f"kubectl logs job/{names.MIGRATIONS} --namespace {stack.namespace} --container=migrate"),
        *prose("A service's readiness probe should fail while the schema is older than it needs."),
    ]


def remove(
    stack: Stack, overlay: Overlay, operators: Sequence[str], *, has_platform: bool, kept: str
) -> list[str]:
    """Return how everything but the data goes: Argo CD deletes what it made, but what is marked to stay."""
    own = argocd.name(stack, overlay)
    applications = [own, *([argocd.name(stack, overlay, "platform")] if has_platform else [])]
    commands = []
    for name in applications:
        commands += [
            patch(name, {"metadata": {"finalizers": [FINALIZER]}}),
            f"kubectl delete application {name} --namespace {argocd.NAMESPACE}",
        ]
    projects = " ".join(applications)
    staying = f"What stays is marked `Delete=false`: {kept}."
    if operators:
        staying += (
            " The operators stay too: with the definition of a kind every object of that kind would go."
        )
    again = "The platform" if has_platform else "The stack"
    return [
        "## Remove it",
        "",
        *prose(
            "Deleting an Application alone deletes nothing that runs. With the finalizer Argo CD deletes "
            "what it made:"
        ),
        *shell(*commands, f"kubectl delete appproject {projects} --namespace {argocd.NAMESPACE}"),
        *prose(f'{staying} To take it up again, go on with "{again}" above.'),
    ]


def by_hand(stack: Stack, overlay: Overlay, *commands: str) -> list[str]:
    """Return commands that Argo CD would undo, between the two that stop it and start it again.

    The sync in between is a whole one: what Argo CD mends by itself runs no hooks, so no roles and no
    migrations either.
    """
    name = argocd.name(stack, overlay)
    return shell(
        patch(name, {"spec": {"syncPolicy": {"automated": None}}}),
        *commands,
        sync(stack, overlay),
        f"kubectl apply --filename=argocd/{overlay.name}/application.yaml",
    )


def sync(stack: Stack, overlay: Overlay) -> str:
    """Return the command that starts a whole sync, hooks included."""
    return patch(argocd.name(stack, overlay), argocd.sync(stack))


def patch(application: str, change: Manifest) -> str:
    """Return the command that merges a change into an Application."""
    said = json.dumps(change, separators=(",", ":"))
    return (
        f"kubectl patch application {application} --namespace {argocd.NAMESPACE} --type=merge \\\n"
        f"  --patch='{said}'"
    )
