"""The page that takes nothing to a running stack on minikube."""

from collections.abc import Sequence

from asky_gitops.components import names
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.platforms import database_page, page_operators, page_parts

ADDONS = {"nginx": "ingress", "traefik": "traefik"}
"""Ingress class to the add-on that serves it."""
WINDOWS = r"(on Windows the file is `C:\Windows\System32\drivers\etc\hosts`)"


def page(
    stack: Stack, overlay: Overlay, hosts: Sequence[str], operators: Sequence[str], *, has_platform: bool
) -> str:
    """Return the page as Markdown."""
    own = overlay.database is not None and overlay.database.external is None
    kept = "the Namespace" + (", the database's StatefulSet and volume" if own else "")
    return "\n".join(
        [
            f"# {stack.name} on minikube ({overlay.name})",
            "",
            page_parts.HERE,
            "",
            *page_parts.steps(
                {
                    "The cluster": cluster(overlay, hosts),
                    "Argo CD": page_parts.argo_cd(stack, overlay),
                    "The operators": page_operators.step(stack, overlay, operators, {}),
                    "The platform": page_parts.platform(stack, overlay, has_platform=has_platform),
                    "Secrets": secrets(stack, overlay),
                    "The stack": page_parts.application(stack, overlay),
                }
            ),
            *reach(overlay, hosts),
            *page_parts.migrations(stack),
            *database_page.password(stack, overlay),
            *data(stack, overlay),
            *page_parts.remove(stack, overlay, operators, has_platform=has_platform, kept=kept),
            *delete(stack, overlay),
        ]
    )


def data(stack: Stack, overlay: Overlay) -> list[str]:
    """Return what to do with the data of the only server there is."""
    if overlay.database is None or overlay.database.external:
        return []
    return database_page.move(stack, overlay, overlay.database)


def cluster(overlay: Overlay, hosts: Sequence[str]) -> list[str]:
    """Return how the cluster is made."""
    return [
        *page_parts.prose("The default network plugin does not enforce NetworkPolicies; calico does."),
        *page_parts.shell(f"minikube start --cni=calico --addons={addons(overlay, hosts)}"),
    ]


def secrets(stack: Stack, overlay: Overlay) -> list[str]:
    """Return where the secrets come from, and what the Job cannot know."""
    remote = [
        f"- Secret `{service.name}`, key `{name}`"
        for service in sorted(stack.services.values(), key=lambda one: one.name)
        for name, secret in sorted(service.secrets.items())
        if secret.remote
    ]
    lines = [
        *page_parts.prose(
            "A Job makes what is missing of them, inside the cluster, and never changes a value that is "
            "there. Nothing of them is in git."
        ),
    ]
    if remote:
        lines += [
            *page_parts.prose(
                "The values below come from elsewhere; the Job makes a random stand-in. To use the real "
                "ones, make the Secret with all its keys before the first sync:"
            ),
            *remote,
            "",
        ]
    local = [*page_parts.registry(stack), *database_page.administrator(stack, overlay)]
    if remote or local:
        lines += page_parts.namespace_first(stack, overlay)
    return [*lines, *local, *page_parts.certificates(stack, overlay)]


def addons(overlay: Overlay, hosts: Sequence[str]) -> str:
    """Return the add-ons the overlay needs: a way in where something is public, and what autoscalers ask."""
    way_in = [ADDONS[overlay.ingress.class_name]] if hosts else []
    return ",".join([*way_in, "metrics-server"])


def reach(overlay: Overlay, hosts: Sequence[str]) -> list[str]:
    """Return how a browser reaches the public services.

    The add-on `ingress` takes the node's own ports, `traefik` is a Service of type LoadBalancer
    (minikube.sigs.k8s.io, "Ingress DNS" and "Traefik").
    """
    if not hosts:
        return []
    by = through_a_service if overlay.ingress.class_name == "traefik" else through_the_node
    return ["## Reach it", "", *by(" ".join(hosts)), ""]


def through_the_node(hosts: str) -> list[str]:
    """Return the way to a controller on the node's own ports; the docker driver's node is a container."""
    return [
        *page_parts.prose(
            "On Linux, and with every driver that starts a virtual machine, the node has an address:"
        ),
        "```sh",
        f'echo "$(minikube ip) {hosts}" | sudo tee -a /etc/hosts',
        "```",
        "",
        *page_parts.prose(
            f"With the docker driver on macOS or Windows the address is `127.0.0.1` instead {WINDOWS}, "
            "and it answers only while this runs:"
        ),
        "```sh",
        "minikube tunnel",
        "```",
    ]


def through_a_service(hosts: str) -> list[str]:
    """Return the way to a controller behind a Service, which has an address while a tunnel runs."""
    address = "kubectl --namespace kube-system get service traefik"
    return [
        *page_parts.prose("In a terminal of its own, which stays open:"),
        "```sh",
        "minikube tunnel",
        "```",
        "",
        *page_parts.prose(
            f"In another one, for the address that it gives the controller's Service {WINDOWS}:"
        ),
        "```sh",
        f"address=$({address} \\",
        "  --output jsonpath='{.status.loadBalancer.ingress[0].ip}')",
        f'echo "$address {hosts}" | sudo tee -a /etc/hosts',
        "```",
    ]


def delete(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how the data goes, which nothing else deletes."""
    if overlay.database is None or overlay.database.external:
        return []
    namespace = stack.namespace
    return [
        "## Delete the data on purpose",
        "",
        *page_parts.prose(
            "Neither git nor Argo CD deletes the StatefulSet or its volume. minikube does not encrypt "
            "volumes: no real patient's data belongs here. To start with an empty database:"
        ),
        *page_parts.by_hand(
            stack,
            overlay,
            f"kubectl delete statefulset {names.POSTGRES} --namespace {namespace}",
            f"kubectl delete persistentvolumeclaim data-{names.POSTGRES}-0 --namespace {namespace}",
        ),
        *page_parts.prose(
            'After "Remove it", what is left of the stack goes with its namespace, volume and Secrets '
            "included:"
        ),
        *page_parts.shell(f"kubectl delete namespace {namespace}"),
    ]
