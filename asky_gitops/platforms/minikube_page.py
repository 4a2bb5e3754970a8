"""The page that takes nothing to a running stack on minikube."""

from collections.abc import Sequence

from asky_gitops.components import names
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.platforms import page_parts

ADDONS = {"nginx": "ingress", "traefik": "traefik"}
"""Ingress class to the add-on that serves it."""
WINDOWS = r"(on Windows the file is `C:\Windows\System32\drivers\etc\hosts`)"


def page(stack: Stack, overlay: Overlay, hosts: Sequence[str], *, has_platform: bool) -> str:
    """Return the page as Markdown."""
    return "\n".join(
        [
            f"# {stack.name} on minikube ({overlay.name})",
            "",
            "## 1. The cluster",
            "",
            "The default network plugin does not enforce NetworkPolicies; calico does.",
            "",
            "```sh",
            f"minikube start --cni=calico --addons={addons(overlay, hosts)}",
            "```",
            "",
            *page_parts.argo_cd(stack, overlay),
            *page_parts.registry(stack),
            *page_parts.certificates(stack, overlay),
            *page_parts.applications(stack, overlay, has_platform=has_platform),
            *secrets(stack),
            *reach(overlay, hosts),
            *page_parts.migrations(stack),
            *delete(stack, overlay),
        ]
    )


def secrets(stack: Stack) -> list[str]:
    """Return where the secrets come from, and what the Job cannot know."""
    lines = [
        "## Secrets",
        "",
        "A Job makes what is missing of them, inside the cluster, and never changes a value that is there.",
        "Nothing of them is in git.",
        "",
    ]
    remote = [
        f"- Secret `{service.name}`, key `{name}`"
        for service in sorted(stack.services.values(), key=lambda one: one.name)
        for name, secret in sorted(service.secrets.items())
        if secret.remote
    ]
    if remote:
        lines += [
            "The values below come from elsewhere; the Job makes a random stand-in. To use the real ones,",
            "make the Secret with all its keys before the first sync:",
            "",
            *remote,
            "",
        ]
    return lines


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
        "On Linux, and with every driver that starts a virtual machine, the node has an address:",
        "",
        "```sh",
        f'echo "$(minikube ip) {hosts}" | sudo tee -a /etc/hosts',
        "```",
        "",
        "With the docker driver on macOS or Windows the address is `127.0.0.1` instead",
        f"{WINDOWS}, and it answers only while this runs:",
        "",
        "```sh",
        "minikube tunnel",
        "```",
    ]


def through_a_service(hosts: str) -> list[str]:
    """Return the way to a controller behind a Service, which has an address while a tunnel runs."""
    address = "kubectl --namespace kube-system get service traefik"
    return [
        "In a terminal of its own, which stays open:",
        "",
        "```sh",
        "minikube tunnel",
        "```",
        "",
        f"In another one, for the address that it gives the controller's Service {WINDOWS}:",
        "",
        "```sh",
        f"address=$({address} \\",
        "  --output jsonpath='{.status.loadBalancer.ingress[0].ip}')",
        f'echo "$address {hosts}" | sudo tee -a /etc/hosts',
        "```",
    ]


def delete(stack: Stack, overlay: Overlay) -> list[str]:
    """Return how the data goes, which nothing else deletes."""
    if stack.database is None:
        return []
    return [
        "## Delete the data on purpose",
        "",
        "Neither git nor Argo CD deletes the StatefulSet or its volume. minikube does not encrypt volumes:",
        "no real patient's data belongs here.",
        "",
        *page_parts.by_hand(
            stack,
            overlay,
            f"kubectl --namespace {stack.namespace} delete statefulset {names.POSTGRES}",
            f"kubectl --namespace {stack.namespace} delete persistentvolumeclaim data-{names.POSTGRES}-0",
        ),
    ]
