"""What `asky.yaml` may say of a service, and `defaults:` of all of them; see spec_document."""
# ruff: noqa: RUF009 - `key` and `required` return dataclass fields, which ruff cannot see

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from asky_gitops.adapters import spec_scalars as leaf
from asky_gitops.adapters.spec_keys import key, required


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
class StartupProbe:
    """Whether the service is up; until then the other two wait."""

    path: leaf.UrlPath | None = key("Path; `probes.path` when left out.")
    period: leaf.Seconds | None = key("Seconds between two.", default="service.probes.startup.period")
    timeout: leaf.Seconds | None = key("Seconds for an answer.", default="service.probes.startup.timeout")
    failures: leaf.Count | None = key(
        "Failures in a row that count.", default="service.probes.startup.failures"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ReadinessProbe:
    """Whether the pod gets requests."""

    path: leaf.UrlPath | None = key("Path; `probes.path` when left out.")
    period: leaf.Seconds | None = key("Seconds between two.", default="service.probes.readiness.period")
    timeout: leaf.Seconds | None = key("Seconds for an answer.", default="service.probes.readiness.timeout")
    failures: leaf.Count | None = key(
        "Failures in a row that count.", default="service.probes.readiness.failures"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LivenessProbe:
    """Whether the container is still alive; it is restarted otherwise."""

    path: leaf.UrlPath | None = key("Path; without one a connection is enough.")
    period: leaf.Seconds | None = key("Seconds between two.", default="service.probes.liveness.period")
    timeout: leaf.Seconds | None = key("Seconds for an answer.", default="service.probes.liveness.timeout")
    failures: leaf.Count | None = key(
        "Failures in a row that count.", default="service.probes.liveness.failures"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Probes:
    """Probes of the service's port."""

    path: leaf.UrlPath | None = key(
        "Path that answers 200 when the service can work.", default="service.probes.path"
    )
    startup: StartupProbe | None = key("Whether the service is up.")
    readiness: ReadinessProbe | None = key("Whether the pod gets requests.")
    liveness: LivenessProbe | None = key("Whether the container is still alive.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Shutdown:
    """How a pod stops."""

    drain: leaf.Seconds | None = key(
        "Seconds it serves on after it is told to stop.", default="service.shutdown.drain"
    )
    grace: leaf.Seconds | None = key(
        "Seconds until it is killed, the drain among them.", default="service.shutdown.grace"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Volume:
    """A writable folder that lives as long as its pod."""

    path: leaf.MountPath | None = key("Mount path.")
    size: leaf.Bytes | None = key("Most it may hold; above it the pod is evicted.", default="volume.size")
    memory: bool | None = key("Whether it lies in memory, not on the node's disk.", default="volume.memory")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Metrics:
    """Where the service tells Prometheus about itself."""

    port: leaf.Port | None = key("TCP port; the service's own when left out.")
    path: leaf.UrlPath | None = key("Path of the metrics.", default="service.metrics.path")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Public:
    """Reachable from outside the cluster through the Ingress."""

    host: leaf.Host | None = key("DNS name; `ingress.host` of the overlay when left out.")
    aliases: tuple[leaf.Host, ...] | None = key(
        "Further DNS names with the same paths.", default="service.public.aliases"
    )
    paths: tuple[leaf.UrlPath, ...] | None = key(
        "Path prefixes under the host.", default="service.public.paths"
    )
    tls: bool | None = key("Whether the Ingress speaks TLS.", default="service.public.tls")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ServiceDatabase:
    """A schema and a login role of the service's own."""

    schema: leaf.Identifier | None = key("Name of the schema; the service's (- becomes _) when left out.")
    readonly_url: bool | None = key(
        "Whether it also gets DATABASE_URL_READONLY.", default="serviceDatabase.readonlyURL"
    )


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
class History:
    """How many finished runs of a job are kept."""

    successful: leaf.Kept | None = key("Runs that succeeded.", default="job.history.successful")
    failed: leaf.Kept | None = key("Runs that failed.", default="job.history.failed")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class JobOverlay:
    """One job in one overlay; what is left out stays as in `services`."""

    schedule: leaf.Schedule | None = key("When it runs: minute, hour, day, month, weekday.")
    time_zone: leaf.TimeZone | None = key("Time zone of the schedule.", default="job.timeZone")
    image: leaf.Image | None = key("Image reference; the service's when left out.")
    command: tuple[str, ...] | None = key("Replaces the image's entry point.", default="job.command")
    args: tuple[str, ...] | None = key("Arguments of the entry point.", default="job.args")
    env: Mapping[leaf.EnvName, str | None] | None = key(
        "Environment variables on top of the service's; never a secret.", default="job.env"
    )
    resources: Resources | None = key("Requests and limits; the service's where left out.")
    calls: tuple[leaf.Name, ...] | None = key("Services it may call; the service's when left out.")
    egress: tuple[Egress, ...] | None = key("Destinations outside; the service's when left out.")
    concurrency: Literal["Allow", "Forbid", "Replace"] | None = key(
        "What happens when a run is due before the last one ended.", default="job.concurrency"
    )
    deadline: leaf.Seconds | None = key("Seconds for a run with its retries.", default="job.deadline")
    starting_deadline: leaf.StartingSeconds | None = key(
        "Seconds after which a run that could not start is left out.", default="job.startingDeadline"
    )
    retries: leaf.Kept | None = key("Further attempts of a run that fails.", default="job.retries")
    history: History | None = key("How many finished runs are kept.")
    suspend: bool | None = key("Whether no new run starts.", default="job.suspend")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Job(JobOverlay):
    """A CronJob with the service's environment, files and login."""

    schedule: leaf.Schedule = required("When it runs: minute, hour, day, month, weekday.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ServiceDefaults:
    """What every service starts from."""

    replicas: leaf.Replicas | None = key("Pods; not beside `autoscale`.", default="service.replicas")
    resources: Resources | None = key("Requests and limits.")
    probes: Probes | None = key("Health probes.")
    shutdown: Shutdown | None = key("How a pod stops.")
    image_pull_secrets: tuple[leaf.ObjectName, ...] | None = key(
        "Secrets with registry credentials, made outside git.", default="service.imagePullSecrets"
    )
    env: Mapping[leaf.EnvName, str | None] | None = key(
        "Environment variables; never a secret.", default="service.env"
    )
    egress: tuple[Egress, ...] | None = key("Destinations outside the stack.", default="service.egress")
    volumes: Mapping[leaf.Name, leaf.MountPath | Volume | None] | None = key(
        "Writable folders (emptyDir) by name: the mount path, or a map that says more.",
        default="service.volumes",
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
    metrics: Metrics | None = key("Metrics for Prometheus; {} takes every default.")
    jobs: Mapping[leaf.JobName, JobOverlay | None] | None = key(
        "What runs at set times, by name.", default="service.jobs"
    )


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Service(ServiceOverlay):
    """One microservice."""

    image: leaf.Image = required("Image reference, best with a digest.")
    port: leaf.Port = required("TCP port the service listens on.")
    jobs: Mapping[leaf.JobName, Job | None] | None = key(
        "What runs at set times, by name.", default="service.jobs"
    )
