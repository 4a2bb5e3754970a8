"""What `asky.yaml` may say, key by key: the one source of the decoder and of the JSON Schema.

A field that is None was not said, or takes back what a weaker layer said. The classes are types only: none is
ever compared or printed, so none is made comparable (that is half of what importing them costs).
"""
# ruff: noqa: RUF009 - `key` and `required` return dataclass fields, which ruff cannot see

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from asky_gitops.adapters import spec_scalars as leaf
from asky_gitops.adapters.spec_document_database import Database, DatabaseOverlay
from asky_gitops.adapters.spec_document_service import Service, ServiceDefaults, ServiceOverlay
from asky_gitops.adapters.spec_keys import key, required


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Metadata:
    """The stack's name and where it runs."""

    name: leaf.StackName = required("Name of the stack; prefixes what is unique in a cluster.")
    namespace: leaf.Name | None = key("Namespace of every object; the stack's name when left out.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Source:
    """Where Argo CD reads this repository."""

    repo_url: leaf.RepoUrl = required("URL of this repository as Argo CD reaches it, without credentials.")
    target_revision: leaf.Revision | None = key(
        "Branch, tag or commit to sync.", default="source.targetRevision"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Checks:
    """Settings of the rules."""

    cpu_limits: Literal["require", "optional", "forbid"] | None = key(
        "Whether containers have a cpu limit.", default="checks.cpuLimits"
    )
    databases: tuple[leaf.DatabaseRef, ...] | None = key(
        "Objects that are databases though nothing shows it: Kind/name or namespace/Kind/name.",
        default="checks.databases",
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Monitoring:
    """What watches the nodes and the services."""

    node_exporter: bool | None = key("Run node-exporter on every node.", default="monitoring.nodeExporter")
    namespace: leaf.Name | None = key("Where Prometheus runs; <stack>-monitoring when left out.")
    service_monitors: bool | None = key(
        "A ServiceMonitor for each service with `metrics`.", default="monitoring.serviceMonitors"
    )
    labels: Mapping[leaf.Annotation, leaf.LabelValue | None] | None = key(
        "Labels of the ServiceMonitors.", default="monitoring.labels"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Cluster:
    """The cluster an overlay goes to."""

    name: leaf.ClusterName = required("Argo CD's name of the cluster.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Aws:
    """What only the owner of the AWS account knows."""

    region: leaf.Region = required("Region of the cluster.")
    account: leaf.Account = required("Account number, in quotes.")
    alb_cidrs: tuple[leaf.Cidr, ...] | None = key("Networks of the load balancer's subnets; never 0.0.0.0/0.")
    zones: leaf.Zones | None = key("Availability zones of the cluster.", default="aws.zones")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Issuer:
    """An issuer of cert-manager."""

    name: leaf.ObjectName = required("Its name.")
    kind: Literal["Issuer", "ClusterIssuer"] | None = key("Its kind.", default="issuer.kind")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Oidc:
    """An identity provider (OpenID Connect)."""

    issuer: leaf.HttpsUrl = required("Its issuer, as in its discovery document.")
    authorization_endpoint: leaf.HttpsUrl = required("Where people log in.")
    token_endpoint: leaf.HttpsUrl = required("Where the load balancer gets tokens.")
    user_info_endpoint: leaf.HttpsUrl = required("Where the load balancer asks who somebody is.")
    secret: leaf.ObjectName = required("Secret with clientID and clientSecret, made outside git.")
    scope: leaf.Scope | None = key("Scopes, apart by spaces.", default="oidc.scope")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ingress:
    """How `public` services are reached in this overlay."""

    class_name: leaf.ObjectName | None = key("IngressClass.", default="ingress.class")
    controller_namespace: leaf.Name | None = key(
        "Where the controller's pods run; where the platform usually has them when left out."
    )
    host: leaf.Host | None = key("Host of every public service in this overlay.")
    scheme: Literal["internal", "internet-facing"] | None = key("Who can reach it.", default="ingress.scheme")
    certificate_arn: leaf.CertificateArn | None = key("Certificate of the load balancer (AWS).")
    waf_arn: leaf.WafArn | None = key("Web ACL of the load balancer (AWS).")
    issuer: Issuer | None = key("Who signs the certificates (cert-manager).")
    oidc: Oidc | None = key("Who the load balancer asks to authenticate everybody (AWS).")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OverlaySecrets:
    """Where secret values come from."""

    provider: Literal["job", "external-secrets"] | None = key(
        "A Job in the cluster, or External Secrets.", default="secrets.provider"
    )
    prefix: leaf.RemoteKey | None = key("Prefix of names at the provider; stack/overlay when left out.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Operators:
    """Who installs the operators that the overlay's custom resources belong to."""

    install: bool | None = key(
        "Argo CD installs them: an Application of a pinned chart each.", default="operators.install"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Overlay:
    """One environment: a platform and what differs there."""

    platform: str = required("Platform: what the overlay runs on.")
    profile: Literal["dev", "prod"] | None = key("`dev` turns named rules off.", default="overlay.profile")
    seeds: bool | None = key("Load the sample data.", default="overlay.seeds")
    cluster: Cluster | None = key("The cluster; the one Argo CD runs in when left out.")
    aws: Aws | None = key("The AWS account; needed by platform eks.")
    ingress: Ingress | None = key("How public services are reached.")
    secrets: OverlaySecrets | None = key("Where secret values come from.")
    monitoring: Monitoring | None = key("What differs in monitoring.")
    operators: Operators | None = key("Who installs the operators.")
    permits: tuple[leaf.KindRef, ...] | None = key(
        "Kinds that custom/ adds, as Kind or group/Kind: Argo CD's project permits them too. Never Secret.",
        default="overlay.permits",
    )
    database: DatabaseOverlay | None = key("What differs in PostgreSQL.")
    defaults: ServiceDefaults | None = key("What every service starts from in this overlay.")
    services: Mapping[leaf.Name, ServiceOverlay] | None = key("What differs in single services.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Spec:
    """The spec of one stack: services, their database, and the overlays they run in."""

    api_version: Literal["asky-gitops.dev/v1alpha1"] = required("Version of this format.")
    kind: Literal["Stack"] = required("Always Stack.")
    metadata: Metadata = required("The stack's name and namespace.")
    source: Source = required("Where Argo CD reads this repository.")
    kubernetes: tuple[leaf.Minor, ...] | None = key(
        "Minor versions of Kubernetes the output must be valid for.", default="kubernetes"
    )
    checks: Checks | None = key("Settings of the rules.")
    defaults: ServiceDefaults | None = key("What every service starts from.")
    services: Mapping[leaf.ServiceName, Service] = required("The microservices by name.")
    database: Database | None = key("The stack's PostgreSQL; {} takes every default.")
    monitoring: Monitoring | None = key("What watches the nodes.")
    overlays: Mapping[leaf.Name, Overlay] = required("The environments by name.")
