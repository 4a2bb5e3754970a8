"""The stack: what `asky.yaml` says, resolved for the base and for each overlay.

Every field is final: defaults, platform and overlays have been merged before a `Stack` exists
(adapters/spec), so a component reads one value and never asks where it came from. Field names are
the spec's own in snake_case (`cpuLimit` is `cpu_limit`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from asky_gitops.model.database import Backup, External, Pooler, Restore
from asky_gitops.model.lock import Chart
from asky_gitops.model.workload import History, Metrics, Probes, Quantity, Shutdown, Volume


@dataclass(frozen=True)
class Source:
    """Where Argo CD reads this repository."""

    repo_url: str
    target_revision: str


@dataclass(frozen=True)
class Resources:
    """Requests and limits of one container."""

    cpu: Quantity
    memory: Quantity
    cpu_limit: Quantity | None
    memory_limit: Quantity


@dataclass(frozen=True)
class Public:
    """Reachable from outside the cluster through the Ingress."""

    host: str
    aliases: tuple[str, ...]
    """Further hosts with the same paths."""
    paths: tuple[str, ...]
    tls: bool


@dataclass(frozen=True)
class ServiceDatabase:
    """A service's own schema and login role in the stack's database."""

    schema: str
    readonly_url: bool
    """Whether it also gets DATABASE_URL_READONLY."""


@dataclass(frozen=True)
class Secret:
    """One environment variable whose value is made outside git.

    Exactly one of `generate` (characters of a random value) and `remote` (key of the secrets
    provider, with `property` inside it) is set.
    """

    generate: int | None
    remote: str | None
    property: str | None


@dataclass(frozen=True)
class Egress:
    """One destination outside the stack that a service may open."""

    cidr: str
    port: int


@dataclass(frozen=True)
class Autoscale:
    """A HorizontalPodAutoscaler on cpu utilisation (per cent of the request)."""

    min: int
    max: int
    cpu: int


@dataclass(frozen=True)
class Job:
    """A CronJob of a service: it has the service's environment, files and login. Times are seconds."""

    schedule: str
    time_zone: str
    image: str
    command: tuple[str, ...]
    args: tuple[str, ...]
    env: Mapping[str, str]
    """On top of the service's own."""
    resources: Resources
    calls: tuple[str, ...]
    egress: tuple[Egress, ...]
    concurrency: Literal["Allow", "Forbid", "Replace"]
    deadline: int
    """For one run with all its retries."""
    starting_deadline: int
    """A run that could not start for so long is left out."""
    retries: int
    history: History
    suspend: bool


@dataclass(frozen=True)
class Service:
    """One microservice: a Deployment, a Service and what guards them."""

    name: str
    image: str
    port: int
    replicas: int
    resources: Resources
    probes: Probes
    image_pull_secrets: tuple[str, ...]
    calls: tuple[str, ...]
    public: Public | None
    database: ServiceDatabase | None
    secrets: Mapping[str, Secret]
    env: Mapping[str, str]
    config: Mapping[str, str]
    """File name to content, mounted at /etc/<service>."""
    egress: tuple[Egress, ...]
    autoscale: Autoscale | None
    command: tuple[str, ...]
    args: tuple[str, ...]
    volumes: Mapping[str, Volume]
    annotations: Mapping[str, str]
    shutdown: Shutdown
    metrics: Metrics | None
    jobs: Mapping[str, Job]


@dataclass(frozen=True)
class Database:
    """PostgreSQL as one view of the stack sees it."""

    name: str
    version: int
    storage: Quantity
    storage_class: str | None
    wal: Quantity | None
    """A volume of its own for the WAL; None keeps it with the data."""
    instances: int
    resources: Resources
    read_replicas: bool
    """Whether reads go to the replicas."""
    pooler: Pooler | None
    backup: Backup | None
    external: External | None
    generation: int
    """The newest one; a restore makes the next."""
    restore: Restore | None
    migrations: str
    """Folder of `NNNN_what.sql`, relative to the repository."""
    seeds: str


@dataclass(frozen=True)
class Checks:
    """Settings of the rules, the same block as in `.asky-gitops.yaml`."""

    cpu_limits: Literal["require", "optional", "forbid"]
    databases: tuple[str, ...]
    """`Kind/name` or `namespace/Kind/name` of objects that are databases though nothing shows it."""


@dataclass(frozen=True)
class Monitoring:
    """What watches the nodes and the services."""

    node_exporter: bool
    namespace: str | None
    """Where Prometheus runs; None is the namespace of node-exporter."""
    service_monitors: bool
    """Whether services with metrics are announced to the Prometheus operator."""
    labels: Mapping[str, str]
    """Labels by which Prometheus finds its ServiceMonitors."""


@dataclass(frozen=True)
class Issuer:
    """Who signs certificates: an issuer of cert-manager."""

    name: str
    kind: Literal["Issuer", "ClusterIssuer"]


@dataclass(frozen=True)
class Oidc:
    """The identity provider that the load balancer asks who somebody is."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    user_info_endpoint: str
    secret: str
    """Secret with `clientID` and `clientSecret`, made outside git."""
    scope: str


@dataclass(frozen=True)
class Ingress:
    """How `public` services are reached in one overlay."""

    class_name: str
    controller_namespace: str | None
    """Where the controller's pods run; None is where the platform usually has them."""
    scheme: Literal["internal", "internet-facing"]
    certificate_arn: str | None
    waf_arn: str | None
    issuer: Issuer | None
    oidc: Oidc | None


@dataclass(frozen=True)
class Aws:
    """What only the owner of the account knows."""

    region: str
    account: str
    alb_cidrs: tuple[str, ...]
    zones: int


@dataclass(frozen=True)
class OverlaySecrets:
    """Where an overlay's secret values come from: a Job in the cluster or External Secrets."""

    provider: Literal["job", "external-secrets"]
    prefix: str


@dataclass(frozen=True)
class Operators:
    """Who installs the operators that an overlay's custom resources belong to."""

    install: bool
    """Argo CD does, each as an Application of a pinned chart."""


@dataclass(frozen=True)
class Overlay:
    """One environment: a platform, its settings, and the services as seen there."""

    name: str
    platform: str
    profile: Literal["dev", "prod"]
    seeds: bool
    cluster: str | None
    """Argo CD's name of the destination cluster; None is the cluster Argo CD runs in."""
    aws: Aws | None
    ingress: Ingress
    secrets: OverlaySecrets
    monitoring: Monitoring
    operators: Operators
    permits: tuple[str, ...]
    """Kinds (`Kind` or `group/Kind`) that the project permits beside those that are generated."""
    services: Mapping[str, Service]
    database: Database | None


@dataclass(frozen=True)
class Stack:
    """The whole spec; `services` and `database` are the base's view."""

    name: str
    namespace: str
    source: Source
    kubernetes: tuple[str, ...]
    """Minor versions the output is valid for, lowest first: ("1.34", "1.35")."""
    checks: Checks
    services: Mapping[str, Service]
    database: Database | None
    monitoring: Monitoring
    overlays: Mapping[str, Overlay]
    sql: Mapping[str, str]
    """SHA-256 (hex) of every `*.sql` file of the migrations and seeds, by path in the repository."""
    pins: Mapping[str, str]
    """Image by purpose (`postgres-17`, `dbmate`, `node-exporter`, …) from asky.lock."""
    charts: Mapping[str, Chart]
    """Helm chart by name, from asky.lock."""
    tools: Mapping[str, str]
    """Version by program, from asky.lock: what the bootstrap pages install or run."""
