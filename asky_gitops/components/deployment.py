"""A microservice's Deployment: restricted, probed, spread over nodes, rolled without a gap."""

import hashlib
import json
from typing import Any

from asky_gitops.components import names
from asky_gitops.components.metadata import Wave, labels, metadata, selector
from asky_gitops.components.pods import (
    CA_MOUNT,
    ca_volume,
    container_security,
    from_secret,
    pod,
    resources,
    tls_environment,
    verifies,
)
from asky_gitops.errors import InputError
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Service, Stack
from asky_gitops.model.workload import Probe, Volume


def deployment(stack: Stack, service: Service) -> Manifest:
    """Return the Deployment; an autoscaler owns the number of replicas where there is one."""
    pod_metadata: dict[str, Any] = {"labels": labels(stack, service.name, "service")}
    annotations = pod_annotations(service)
    if annotations:
        pod_metadata["annotations"] = annotations
    spec = {
        "replicas": service.replicas,
        "revisionHistoryLimit": 5,
        "selector": {"matchLabels": selector(stack, service.name)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "template": {"metadata": pod_metadata, "spec": pod_spec(stack, service)},
    }
    if service.autoscale:
        del spec["replicas"]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(stack, service.name, "service", Wave.SERVICES),
        "spec": spec,
    }


def pod_annotations(service: Service) -> dict[str, str]:
    """Return the user's annotations and the digest of the configuration files."""
    annotations = dict(service.annotations)
    if service.config:
        files = json.dumps(dict(service.config), sort_keys=True)
        annotations["asky-gitops.dev/config-digest"] = f"sha256:{hashlib.sha256(files.encode()).hexdigest()}"
    return dict(sorted(annotations.items()))


def pod_spec(stack: Stack, service: Service) -> dict[str, Any]:
    """Return the pod: one container, its volumes, and where replicas go."""
    return pod(
        service.name,
        [container(stack, service)],
        volumes=[volume for volume, _ in volumes(stack, service)],
        imagePullSecrets=[{"name": name} for name in service.image_pull_secrets],
        terminationGracePeriodSeconds=service.shutdown.grace,
        topologySpreadConstraints=[
            spread(stack, service, key) for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
        ],
    )


def spread(stack: Stack, service: Service, key: str) -> dict[str, Any]:
    """Return a preference, not a condition: a lost zone must not keep the rest from starting."""
    return {
        "labelSelector": {"matchLabels": selector(stack, service.name)},
        "matchLabelKeys": ["pod-template-hash"],
        "maxSkew": 1,
        "topologyKey": key,
        "whenUnsatisfiable": "ScheduleAnyway",
    }


def container(stack: Stack, service: Service) -> dict[str, Any]:
    """Return the service's container."""
    made = {
        "name": service.name,
        "image": service.image,
        "command": list(service.command),
        "args": list(service.args),
        "env": environment(stack, service),
        "ports": [
            {"containerPort": port, "name": name, "protocol": "TCP"} for name, port in ports(service).items()
        ],
        "resources": resources(stack, service.resources),
        "startupProbe": probe(service.probes.startup),
        "readinessProbe": probe(service.probes.readiness),
        "livenessProbe": probe(service.probes.liveness),
        "lifecycle": {"preStop": {"sleep": {"seconds": service.shutdown.drain}}},
        "securityContext": container_security(),
        "volumeMounts": [mount for _, mount in volumes(stack, service)],
    }
    return {key: value for key, value in made.items() if value not in ([], None)}


def ports(service: Service) -> dict[str, int]:
    """Return the ports of a service by name; metrics on the service's own port need none of their own."""
    own = {"http": service.port}
    if service.metrics and service.metrics.port != service.port:
        own["metrics"] = service.metrics.port
    return own


def probe(wanted: Probe) -> dict[str, Any]:
    """Return one probe.

    Without a path it asks for a connection only, as liveness does by default: a path may fail because the
    database is away, and restarting every pod would not bring it back.
    """
    ask: dict[str, Any] = {"tcpSocket": {"port": "http"}}
    if wanted.path is not None:
        ask = {"httpGet": {"path": wanted.path, "port": "http", "scheme": "HTTP"}}
    return {
        **ask,
        "timeoutSeconds": wanted.timeout,
        "failureThreshold": wanted.failures,
        "periodSeconds": wanted.period,
    }


def environment(stack: Stack, service: Service) -> list[dict[str, Any]]:
    """Return the variables in an order in which each `$(NAME)` follows its source; the user's come last."""
    made: dict[str, dict[str, Any]] = {}
    if service.database and stack.database:
        made.update({entry["name"]: entry for entry in database_environment(stack, service)})
    for name in sorted(service.secrets):
        made[name] = from_secret(name, service.name, name)
    for name, value in service.env.items():
        if "valueFrom" in made.get(name, {}):
            raise InputError(
                f'services.{service.name}.env: "{name}" already comes from a Secret',
                where="asky.yaml",
                hint="name it under env or under secrets, not under both",
            )
        made.pop(name, None)
        made[name] = {"name": name, "value": value}
    return list(made.values())


def database_environment(stack: Stack, service: Service) -> list[dict[str, Any]]:
    """Return the login, the URL made of it, and TLS settings that asyncpg refuses inside a URL."""
    assert stack.database is not None
    database, secret = stack.database, names.login_secret(service.name)
    made = [
        from_secret("DB_USER", secret, "username"),
        from_secret("DB_PASSWORD", secret, "password"),
        {"name": "DATABASE_URL", "value": url(database, names.host(database))},
    ]
    if service.database and service.database.readonly_url:
        made.append({"name": "DATABASE_URL_READONLY", "value": url(database, names.readonly_host(database))})
    return [*made, *tls_environment(database)]


def url(database: Database, host: str) -> str:
    """Return a URL for SQLAlchemy with asyncpg; login and password are variables that stand before it."""
    return f"postgresql+asyncpg://$(DB_USER):$(DB_PASSWORD)@{host}:{names.port(database)}/{database.name}"


def volumes(stack: Stack, service: Service) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the pod's volumes, each with the container's mount of it."""
    made: list[tuple[dict[str, Any], dict[str, Any]]] = []
    if service.database and stack.database and verifies(stack.database):
        made.append((ca_volume(names.ca_secret(stack)), CA_MOUNT))
    if service.config:
        mount = {"name": "service-config", "mountPath": f"/etc/{service.name}", "readOnly": True}
        made.append(({"name": "service-config", "configMap": {"name": service.name}}, mount))
    taken = {volume["name"] for volume, _ in made}
    for name, volume in sorted(service.volumes.items()):
        if name in taken:
            raise InputError(
                f'services.{service.name}.volumes: the name "{name}" is taken', where="asky.yaml"
            )
        made.append(({"name": name, "emptyDir": folder(volume)}, {"name": name, "mountPath": volume.path}))
    return made


def folder(volume: Volume) -> dict[str, str]:
    """Return an empty folder that ends its pod, not its node, when it is full."""
    return {**({"medium": "Memory"} if volume.memory else {}), "sizeLimit": volume.size}
