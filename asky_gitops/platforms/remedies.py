"""What to do about something a cluster lacks, in one line each."""

from asky_gitops.model.stack import Overlay
from asky_gitops.platforms import minikube_page

OPERATORS = {
    "postgresql.cnpg.io": "CloudNativePG",
    "barmancloud.cnpg.io": "the barman-cloud plugin of CloudNativePG",
    "external-secrets.io": "External Secrets",
    "monitoring.coreos.com": "the Prometheus operator",
    "cert-manager.io": "cert-manager",
    "gateway.networking.k8s.io": "the Gateway API",
    "elbv2.k8s.aws": "the AWS Load Balancer Controller",
    "argoproj.io": "Argo CD",
}
"""API group to who defines it."""


def page(overlay: Overlay) -> str:
    """Return the page that starts this overlay's cluster."""
    return f"docs/bootstrap/{overlay.name}.md"


def api(overlay: Overlay, version: str) -> str:
    """Return how a missing API gets there."""
    who = OPERATORS.get(version.partition("/")[0])
    return f"install {who}: {page(overlay)}" if who else f"install what defines {version}"


def storage_class(overlay: Overlay, name: str) -> str:
    """Return how a StorageClass gets there; the empty name is the cluster's default."""
    if overlay.platform == "minikube":
        return "minikube addons enable default-storageclass storage-provisioner"
    if not name:
        return f"name one: asky-gitops set overlays.{overlay.name}.database.storageClass=NAME"
    return f"make it, or name another: asky-gitops set overlays.{overlay.name}.database.storageClass=NAME"


def ingress_class(overlay: Overlay, name: str) -> str:
    """Return how an IngressClass gets there."""
    if overlay.platform == "minikube" and name in minikube_page.ADDONS:
        return f"minikube addons enable {minikube_page.ADDONS[name]}"
    return f"install its controller: {page(overlay)}"


def network_policies(overlay: Overlay) -> str:
    """Return how policies come to be enforced."""
    if overlay.platform == "minikube":
        return "a cluster with a plugin that enforces them: minikube delete, minikube start --cni=calico"
    if overlay.platform == "eks":
        return f"turn them on in the VPC CNI add-on (enableNetworkPolicy): {page(overlay)}"
    return "install a network plugin that enforces them, such as calico or cilium"


def metrics(overlay: Overlay) -> str:
    """Return how the pods' metrics get there."""
    if overlay.platform == "minikube":
        return "minikube addons enable metrics-server"
    return f"install metrics-server: {page(overlay)}"


def remote_secret(overlay: Overlay) -> str:
    """Return how values get to the provider, without passing through git or a shell's history."""
    return f"make each at the provider: {page(overlay)}, Secrets"


def own_secret(overlay: Overlay) -> str:
    """Return how a Secret gets there that nothing else makes."""
    return f"make it: {page(overlay)}, Secrets"
