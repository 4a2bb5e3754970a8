"""The page that takes nothing to a running stack on minikube."""

from collections.abc import Sequence

from asky_gitops.components import names
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.platforms import page_parts

ADDONS = {"nginx": "ingress", "traefik": "traefik"}
"""Ingress class to the add-on that serves it."""


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
            f"minikube start --cni=calico --addons={ADDONS[overlay.ingress.class_name]},metrics-server",
            "```",
            "",
            *page_parts.argo_cd(stack, overlay),
            *page_parts.registry(stack),
            *page_parts.certificates(stack, overlay),
            *page_parts.applications(stack, overlay, has_platform=has_platform),
            *secrets(stack),
            *reach(hosts),
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


def reach(hosts: Sequence[str]) -> list[str]:
    """Return how a browser reaches the public services."""
    if not hosts:
        return []
    return [
        "## Reach it",
        "",
        "With a driver that gives the node an address of its own (Linux, not docker):",
        "",
        "```sh",
        f'echo "$(minikube ip) {" ".join(hosts)}" | sudo tee -a /etc/hosts',
        "```",
        "",
        "With the docker driver on macOS or Windows it is `127.0.0.1`, while `minikube tunnel` runs.",
        "",
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
