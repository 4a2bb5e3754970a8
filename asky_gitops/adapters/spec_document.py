"""What `asky.yaml` may say, key by key: the one source of the decoder and of the JSON Schema.

A field that is None was not said, or takes back what a weaker layer said. The classes are types only: none is
ever compared or printed, so none is made comparable (that is half of what importing them costs).
"""
# ruff: noqa: RUF009 - `key` and `required` return dataclass fields, which ruff cannot see

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from asky_gitops.adapters import spec_scalars as leaf

SPELLING = {"repo_url": "repoURL", "class_name": "class"}
"""Fields whose key is not their own name in camelCase."""


def spelled(name: str) -> str:
    """Return the key of a field: `cpu_limit` is `cpuLimit`."""
    first, *rest = name.split("_")
    return SPELLING.get(name) or first + "".join(word.capitalize() for word in rest)


def key(description: str, *, default: str | None = None) -> Any:
    """A key that may be left out; `default` is its entry in model/defaults.py."""
    return field(default=None, metadata={"description": description, "default": default})


def required(description: str) -> Any:
    """A key that must be there."""
    return field(metadata={"description": description})


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
class Resources:
    """Requests and limits of one container, as Kubernetes quantities."""

    cpu: leaf.Cores | None = key("Cpu request.", default="service.resources.cpu")
    memory: leaf.Bytes | None = key("Memory request.", default="service.resources.memory")
    cpu_limit: leaf.Cores | None = key(
        "Cpu limit; at least the request. None by default unless `checks.cpuLimits` is `require`.",
        default="service.resources.cpuLimit",
    )
    memory_limit: leaf.Bytes | None = key("Memory limit; the request when left out.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Probes:
    """HTTP probes on the service's port."""

    path: leaf.UrlPath | None = key(
        "Path that answers 200 when the service can work.", default="service.probes.path"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Public:
    """Reachable from outside the cluster through the Ingress."""

    host: leaf.Host | None = key("DNS name; `ingress.host` of the overlay when left out.")
    paths: tuple[leaf.UrlPath, ...] | None = key(
        "Path prefixes under the host.", default="service.public.paths"
    )
    tls: bool | None = key("Whether the Ingress speaks TLS.", default="service.public.tls")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ServiceDatabase:
    """A schema and a login role of the service's own."""

    schema: leaf.Identifier | None = key("Name of the schema; the service's (- becomes _) when left out.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Secret:
    """An environment variable whose value is made outside git: `generate` or `remote`, exactly one."""

    generate: leaf.Length | None = key("Characters of a random value made in the cluster.")
    remote: leaf.RemoteKey | None = key("Name of the secret at the provider.")
    property: leaf.RemoteKey | None = key("Property inside the remote secret.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Egress:
    """One destination outside the stack."""

    cidr: leaf.Cidr = required("Network that may be reached.")
    port: leaf.Port = required("TCP port.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Autoscale:
    """A HorizontalPodAutoscaler on cpu."""

    min: leaf.Replicas = required("Fewest pods.")
    max: leaf.Replicas = required("Most pods.")
    cpu: leaf.Percent | None = key(
        "Wanted cpu use in per cent of the request.", default="service.autoscale.cpu"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ServiceDefaults:
    """What every service starts from."""

    replicas: leaf.Replicas | None = key("Pods; not beside `autoscale`.", default="service.replicas")
    resources: Resources | None = key("Requests and limits.")
    probes: Probes | None = key("Health probes.")
    image_pull_secrets: tuple[leaf.ObjectName, ...] | None = key(
        "Secrets with registry credentials, made outside git.", default="service.imagePullSecrets"
    )
    env: Mapping[leaf.EnvName, str | None] | None = key(
        "Environment variables; never a secret.", default="service.env"
    )
    egress: tuple[Egress, ...] | None = key("Destinations outside the stack.", default="service.egress")
    volumes: Mapping[leaf.Name, leaf.MountPath | None] | None = key(
        "Writable folders (emptyDir) by name and mount path.", default="service.volumes"
    )
    annotations: Mapping[leaf.Annotation, str | None] | None = key(
        "Annotations of the pods.", default="service.annotations"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ServiceOverlay(ServiceDefaults):
    """One service in one overlay; what is left out stays as in `services`."""

    image: leaf.Image | None = key("Image reference, best with a digest.")
    port: leaf.Port | None = key("TCP port the service listens on.")
    calls: tuple[leaf.Name, ...] | None = key("Services this one may call.", default="service.calls")
    public: Public | None = key("Reachable from outside the cluster.")
    database: bool | ServiceDatabase | None = key("Uses the stack's database; true takes every default.")
    secrets: Mapping[leaf.EnvName, Secret | None] | None = key(
        "Environment variables made outside git.", default="service.secrets"
    )
    config: Mapping[leaf.FileName, str | None] | None = key(
        "Files by name and content, mounted at /etc/<service>.", default="service.config"
    )
    autoscale: Autoscale | None = key("Scale by load, in place of `replicas`.")
    command: tuple[str, ...] | None = key("Replaces the image's entry point.", default="service.command")
    args: tuple[str, ...] | None = key("Arguments of the entry point.", default="service.args")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Service(ServiceOverlay):
    """One microservice."""

    image: leaf.Image = required("Image reference, best with a digest.")
    port: leaf.Port = required("TCP port the service listens on.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DatabaseResources:
    """Requests and limits of PostgreSQL."""

    cpu: leaf.Cores | None = key("Cpu request.", default="database.resources.cpu")
    memory: leaf.Bytes | None = key("Memory request.", default="database.resources.memory")
    cpu_limit: leaf.Cores | None = key(
        "Cpu limit; at least the request. None by default unless `checks.cpuLimits` is `require`.",
        default="database.resources.cpuLimit",
    )
    memory_limit: leaf.Bytes | None = key("Memory limit; the request when left out.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DatabaseOverlay:
    """PostgreSQL in one overlay; what is left out stays as in `database`."""

    version: leaf.Major | None = key(
        "Major version; its images are in asky.lock.", default="database.version"
    )
    storage: leaf.Storage | None = key(
        "Size of the data volume; it can grow, never shrink.", default="database.storage"
    )
    storage_class: leaf.ObjectName | None = key("StorageClass; the cluster's default when left out.")
    instances: leaf.Instances | None = key(
        "PostgreSQL servers, one of them the primary.", default="database.instances"
    )
    resources: DatabaseResources | None = key("Requests and limits.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Database(DatabaseOverlay):
    """The stack's PostgreSQL: one database, a schema and a login role for each service that uses it."""

    name: leaf.Identifier | None = key("Name of the database; the stack's (- becomes _) when left out.")
    migrations: leaf.Folder | None = key(
        "Folder of NNNN_what.sql migrations (dbmate).", default="database.migrations"
    )
    seeds: leaf.Folder | None = key("Folder of NNNN_what.sql sample data.", default="database.seeds")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Monitoring:
    """What watches the nodes."""

    node_exporter: bool | None = key("Run node-exporter on every node.", default="monitoring.nodeExporter")


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
class Ingress:
    """How `public` services are reached in this overlay."""

    class_name: leaf.ObjectName | None = key("IngressClass.", default="ingress.class")
    host: leaf.Host | None = key("Host of every public service in this overlay.")
    scheme: Literal["internal", "internet-facing"] | None = key("Who can reach it.", default="ingress.scheme")
    certificate_arn: leaf.CertificateArn | None = key("Certificate of the load balancer (AWS).")
    waf_arn: leaf.WafArn | None = key("Web ACL of the load balancer (AWS).")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OverlaySecrets:
    """Where secret values come from."""

    provider: Literal["job", "external-secrets"] | None = key(
        "A Job in the cluster, or External Secrets.", default="secrets.provider"
    )
    prefix: leaf.RemoteKey | None = key("Prefix of names at the provider; stack/overlay when left out.")


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
