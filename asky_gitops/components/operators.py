"""The operators that custom resources belong to: Applications of pinned charts, each in its own project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from asky_gitops.components import argocd, names
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack

Kinds = tuple[tuple[str, str], ...]
"""API group and kind."""
Values = Mapping[str, Any]
RBAC = "rbac.authorization.k8s.io"
DEFINITION = ("apiextensions.k8s.io", "CustomResourceDefinition")
WEBHOOKS: Kinds = (
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
)
CLUSTER_ROLES: Kinds = ((RBAC, "ClusterRole"), (RBAC, "ClusterRoleBinding"))
ROLES: Kinds = ((RBAC, "Role"), (RBAC, "RoleBinding"))
SIGNED: Kinds = (("cert-manager.io", "Certificate"), ("cert-manager.io", "Issuer"))
PROGRAM: Kinds = (("", "Service"), ("", "ServiceAccount"), ("apps", "Deployment"))
CONFIGURED: Kinds = (("", "ConfigMap"), *PROGRAM)


@dataclass(frozen=True)
class Operator:
    """One chart: where it goes, and what its pinned version renders with our values (`helm template`)."""

    namespace: str
    why: str
    cluster: Kinds
    inside: Kinds
    values: Values = field(default_factory=dict)
    signed: bool = False
    """Whether cert-manager signs for it: what a chart signs itself is a new Secret at every render."""


OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        "cert-manager": Operator(
            namespace="cert-manager",
            why="signs certificates, those of the other operators too",
            cluster=(*WEBHOOKS, DEFINITION, *CLUSTER_ROLES),
            inside=(*PROGRAM, *ROLES),
            values={
                "crds": {"enabled": True},
                "global": {"leaderElection": {"namespace": "cert-manager"}},
                "startupapicheck": {"enabled": False},
            },
        ),
        "aws-load-balancer-controller": Operator(
            namespace="kube-system",
            why="makes a load balancer of an Ingress",
            cluster=(
                *WEBHOOKS,
                DEFINITION,
                ("elbv2.k8s.aws", "IngressClassParams"),
                ("networking.k8s.io", "IngressClass"),
                *CLUSTER_ROLES,
            ),
            inside=(*PROGRAM, *SIGNED, *ROLES),
            values={"enableCertManager": True},
            signed=True,
        ),
        "cloudnative-pg": Operator(
            namespace="cnpg-system",
            why="runs PostgreSQL",
            cluster=(*WEBHOOKS, DEFINITION, *CLUSTER_ROLES),
            inside=CONFIGURED,
        ),
        "external-secrets": Operator(
            namespace="external-secrets",
            why="brings secrets' values from their provider",
            cluster=(WEBHOOKS[1], DEFINITION, *CLUSTER_ROLES),
            inside=(*PROGRAM, *SIGNED, *ROLES),
            values={
                "certController": {"create": False},
                "extraObjects": [
                    {
                        "apiVersion": "cert-manager.io/v1",
                        "kind": "Issuer",
                        "metadata": {"name": "external-secrets-webhook", "namespace": "external-secrets"},
                        "spec": {"selfSigned": {}},
                    }
                ],
                "webhook": {
                    "certManager": {
                        "enabled": True,
                        "cert": {"issuerRef": {"name": "external-secrets-webhook"}},
                    }
                },
            },
            signed=True,
        ),
        "metrics-server": Operator(
            namespace="kube-system",
            why="measures pods, for autoscalers and `kubectl top`",
            cluster=(("apiregistration.k8s.io", "APIService"), *CLUSTER_ROLES),
            inside=(*PROGRAM, ROLES[1]),
        ),
        "plugin-barman-cloud": Operator(
            namespace="cnpg-system",
            why="archives PostgreSQL to object storage",
            cluster=(DEFINITION, *CLUSTER_ROLES),
            inside=(*CONFIGURED, *SIGNED, *ROLES),
            signed=True,
        ),
    }
)
"""By the chart's name, which is the release's too; what others need comes first."""

OF_GROUP = {
    "barmancloud.cnpg.io": "plugin-barman-cloud",
    "cert-manager.io": "cert-manager",
    "external-secrets.io": "external-secrets",
    "generators.external-secrets.io": "external-secrets",
    "postgresql.cnpg.io": "cloudnative-pg",
}


def needed(manifests: Sequence[Manifest], provided: frozenset[str]) -> list[str]:
    """Return the operators that these manifests need and the platform does not bring, in their order."""
    wanted = {"metrics-server"}
    for manifest in manifests:
        wanted |= {OF_GROUP[group]} if (group := argocd.group(manifest)) in OF_GROUP else set()
        if manifest["kind"] == "Ingress":
            wanted |= (
                {"aws-load-balancer-controller"} if manifest["spec"]["ingressClassName"] == "alb" else set()
            )
            notes = manifest["metadata"].get("annotations", {})
            wanted |= {"cert-manager"} if any(key.startswith("cert-manager.io/") for key in notes) else set()
    wanted -= provided
    wanted |= {"cert-manager"} if any(OPERATORS[name].signed for name in wanted) else set()
    return [name for name in OPERATORS if name in wanted]


def manifests(stack: Stack, overlay: Overlay, name: str, values: Values) -> list[Manifest]:
    """Return the project and the Application of one operator; `values` are laid over the chart's own of ours.

    Nothing is pruned: with the definition of a kind every object of that kind would go, each database too.
    """
    operator, chart = OPERATORS[name], names.chart(stack, name)
    source: dict[str, Any] = {
        "repoURL": chart.repository,
        "targetRevision": chart.version,
        "chart": chart.name,
        "helm": {"releaseName": name},
    }
    if merged := {**operator.values, **values}:
        source["helm"]["valuesObject"] = dict(sorted(merged.items()))
    cluster = [{"group": group, "kind": kind} for group, kind in sorted(operator.cluster)]
    own_namespace = operator.namespace != "kube-system"
    if own_namespace:
        cluster.insert(0, {"group": "", "kind": "Namespace", "name": operator.namespace})
    options = [argocd.ALWAYS, "ServerSideApply=true", "SkipDryRunOnMissingResource=true"]
    project = argocd.app_project(
        stack,
        overlay,
        name,
        description=f"What the chart {name} renders: the operator that {operator.why}.",
        source=chart.repository,
        namespaces=[operator.namespace],
        cluster=cluster,
        inside=[{"group": group, "kind": kind} for group, kind in sorted(operator.inside)],
    )
    application = argocd.app(
        stack,
        overlay,
        name,
        source,
        operator.namespace,
        prune=False,
        options=[*(["CreateNamespace=true"] if own_namespace else []), *options],
    )
    return [project, application]
