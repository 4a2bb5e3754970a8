"""Amazon EKS: CloudNativePG, External Secrets, an Application Load Balancer."""

import json
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from typing import Any

from asky_gitops.components import (
    cloudnative_pg,
    external_database,
    external_secrets,
    ingress,
    ingress_controllers,
    ingress_login,
    migrations,
    monitoring,
    node_exporter,
    scaling,
    secrets_job,
    storage_class,
)
from asky_gitops.components.namespace import namespace
from asky_gitops.components.network import Peer, cidr
from asky_gitops.errors import InputError
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Aws, Oidc, Overlay, Public, Service, Stack
from asky_gitops.platforms import eks_page, eksctl

DEFAULTS: Mapping[str, Any] = {
    "defaults": {"replicas": 2},
    "database": {"instances": 3, "storageClass": storage_class.NAME},
    "ingress": {"class": "alb"},
    "secrets": {"provider": "external-secrets"},
}
PROVIDES: frozenset[str] = frozenset()
TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""The console's default; the controller's own default still accepts TLS 1.0 (ELB, DescribeSSLPolicies)."""
PREFIX = "alb.ingress.kubernetes.io"
ALB = "alb"
CONTROLLERS = {"nginx": ("ingress-nginx", "ingress-nginx"), "traefik": ("traefik", "traefik")}
"""Ingress class to its controller's usual namespace and name label: what their charts' own pages use."""


def overlay(stack: Stack, overlay: Overlay) -> dict[str, list[Manifest]]:
    """Return the overlay's parts."""
    aws = account(overlay)
    balanced = bool(ingress.public(stack)) and overlay.ingress.class_name == ALB
    external = overlay.database is not None and overlay.database.external is not None
    if overlay.secrets.provider == "job":
        secrets = secrets_job.overlay(stack, overlay, own_server=False)
    else:
        secrets = external_secrets.overlay(stack, overlay)
    inject = {"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"} if balanced else {}
    return {
        "": [namespace(stack, stack.namespace, "restricted", "namespace", inject)],
        "postgres": (external_database if external else cloudnative_pg).overlay(stack, overlay),
        "secrets": secrets,
        "seeds": migrations.overlay(stack, overlay),
        "ingress": [*ways_in(stack, overlay, aws), *scaling.overlay(stack, overlay)],
        "monitoring": monitoring.overlay(stack, overlay),
    }


def ways_in(stack: Stack, overlay: Overlay, aws: Aws) -> list[Manifest]:
    """Return the Ingresses and what lets in the load balancer, or the controller that runs as pods."""
    if not ingress.public(stack):
        return []
    if overlay.ingress.class_name != ALB:
        peer = ingress_controllers.peer(overlay, CONTROLLERS)
        return ingress.overlay(
            stack, overlay, [peer], lambda _, where: ingress_controllers.annotations(overlay, where)
        )
    made = ingress.overlay(
        stack,
        overlay,
        load_balancer(overlay, aws),
        lambda service, where: annotations(stack, overlay, service, where),
    )
    return [*made, *(ingress_login.overlay(stack, overlay.ingress.oidc) if overlay.ingress.oidc else [])]


def account(overlay: Overlay) -> Aws:
    """Return the overlay's AWS account; raises InputError when the spec does not name it."""
    if overlay.aws is None:
        raise InputError(
            f"overlays.{overlay.name}: platform eks needs aws",
            where="asky.yaml",
            hint='add aws: {region: …, account: "…", albCidrs: […]}',
        )
    return overlay.aws


def load_balancer(overlay: Overlay, aws: Aws) -> list[Peer]:
    """Return where the load balancer's connections come from: with ip targets, its subnets' addresses.

    Raises InputError without them: the only policy left would let everybody in.
    """
    where = f"overlays.{overlay.name}.aws.albCidrs"
    if not aws.alb_cidrs:
        raise InputError(
            f"{where}: the networks of the load balancer's subnets are missing",
            where="asky.yaml",
            hint="the gateway's NetworkPolicy lets in nothing else, and never 0.0.0.0/0",
        )
    for block in aws.alb_cidrs:
        if ip_network(block, strict=False).prefixlen == 0:
            raise InputError(f"{where}: {block} is everybody", where="asky.yaml")
    return [cidr(block) for block in aws.alb_cidrs]


def annotations(stack: Stack, overlay: Overlay, service: Service, where: Public) -> Mapping[str, str]:
    """Return the load balancer's settings (AWS Load Balancer Controller, "Ingress annotations")."""
    made = {
        "group.name": f"{stack.name}-{overlay.name}",
        "healthcheck-path": service.probes.readiness.path or "/",
        "listen-ports": '[{"HTTP":80},{"HTTPS":443}]' if where.tls else '[{"HTTP":80}]',
        "load-balancer-attributes": "routing.http.drop_invalid_header_fields.enabled=true",
        "scheme": overlay.ingress.scheme,
        "target-group-attributes": f"deregistration_delay.timeout_seconds={service.shutdown.grace}",
        "target-type": "ip",
    }
    if where.tls:
        made |= {"ssl-policy": TLS_POLICY, "ssl-redirect": "443"}
        if overlay.ingress.certificate_arn:
            made["certificate-arn"] = overlay.ingress.certificate_arn
        if oidc := overlay.ingress.oidc:
            made |= login(oidc)
    if overlay.ingress.waf_arn:
        made["wafv2-acl-arn"] = overlay.ingress.waf_arn
    return {f"{PREFIX}/{key}": value for key, value in sorted(made.items())}


def login(oidc: Oidc) -> dict[str, str]:
    """Return the load balancer's login; client and secret are in the named Secret, which git never holds."""
    provider = {
        "issuer": oidc.issuer,
        "authorizationEndpoint": oidc.authorization_endpoint,
        "tokenEndpoint": oidc.token_endpoint,
        "userInfoEndpoint": oidc.user_info_endpoint,
        "secretName": oidc.secret,
    }
    return {
        "auth-type": "oidc",
        "auth-idp-oidc": json.dumps(provider, separators=(",", ":")),
        "auth-on-unauthenticated-request": "authenticate",
        "auth-scope": oidc.scope,
    }


def platform(stack: Stack, overlay: Overlay) -> dict[str, list[Manifest]]:
    """Return the encrypted storage and what watches the nodes."""
    return {
        "": storage_class.platform(stack, overlay),
        "monitoring": node_exporter.platform(stack),
    }


def operator_values(stack: Stack, overlay: Overlay) -> Mapping[str, Mapping[str, Any]]:
    """Return what the load balancer's controller must know: a pod cannot ask the node which VPC it is in.

    eksctl marks the VPC it makes with the cluster's name.
    """
    cluster = eksctl.cluster_name(stack, overlay)
    return {
        "aws-load-balancer-controller": {
            "clusterName": cluster,
            "region": account(overlay).region,
            "vpcTags": {"alpha.eksctl.io/cluster-name": cluster},
        }
    }


def bootstrap(stack: Stack, overlay: Overlay, operators: Sequence[str]) -> str:
    """Return the page that makes a cluster, its operators, and the stack in it."""
    return eks_page.page(
        stack,
        overlay,
        cluster(stack, overlay, operators),
        eksctl_file(overlay),
        operators,
        operator_values(stack, overlay),
        has_platform=any(platform(stack, overlay).values()),
    )


def bootstrap_files(stack: Stack, overlay: Overlay, operators: Sequence[str]) -> dict[str, Manifest]:
    """Return the cluster's description for eksctl."""
    return {eksctl_file(overlay): cluster(stack, overlay, operators)}


def cluster(stack: Stack, overlay_: Overlay, operators: Sequence[str]) -> Manifest:
    """Return the cluster's description, with the roles that the overlay's pods need."""
    database = overlay(stack, overlay_)["postgres"]
    return eksctl.cluster_config(stack, overlay_, account(overlay_), operators, database)


def eksctl_file(overlay: Overlay) -> str:
    """Return the name of the file that describes the overlay's cluster."""
    return f"{overlay.name}-eksctl.yaml"
