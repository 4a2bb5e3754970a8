"""What `asky.yaml` may say of a service, and `defaults:` of all of them; see spec_document."""
# ruff: noqa: RUF009 - `key` and `required` return dataclass fields, which ruff cannot see

from collections.abc import Mapping
from dataclasses import dataclass

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
