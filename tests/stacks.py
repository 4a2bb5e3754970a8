"""Stacks built by hand: what `adapters/spec` would make of a spec, without one."""

from dataclasses import replace
from typing import Any

from asky_gitops.model.database import Backup, Pooler
from asky_gitops.model.lock import Chart
from asky_gitops.model.stack import (
    Aws,
    Checks,
    Database,
    Ingress,
    Job,
    Monitoring,
    Operators,
    Overlay,
    OverlaySecrets,
    Public,
    Resources,
    Secret,
    Service,
    ServiceDatabase,
    Source,
    Stack,
)
from asky_gitops.model.workload import History, Probe, Probes, Shutdown

DIGEST = "sha256:" + "a" * 64
PINS = {
    purpose: f"registry.example.org/{purpose}:1@{DIGEST}"
    for purpose in ("postgres-17", "cloudnative-pg-17", "dbmate", "node-exporter", "kubectl", "pgbouncer")
}
CHARTS = {
    name: Chart("https://charts.example.org", name, "1.0.0")
    for name in (
        "aws-load-balancer-controller",
        "cert-manager",
        "cloudnative-pg",
        "external-secrets",
        "metrics-server",
        "plugin-barman-cloud",
    )
}
TOOLS = {"argo-cd": "v3.5.1", "eksctl": "0.230.0"}


def service(name: str, port: int, **changes: Any) -> Service:
    """Return a service that asks for nothing but its port."""
    plain = Service(
        name=name,
        image=f"ghcr.io/acme/{name}:1.4.2",
        port=port,
        replicas=2,
        resources=Resources(cpu="100m", memory="256Mi", cpu_limit="500m", memory_limit="256Mi"),
        probes=Probes(
            startup=Probe("/healthz", period=2, timeout=2, failures=30),
            readiness=Probe("/healthz", period=5, timeout=2, failures=3),
            liveness=Probe(None, period=10, timeout=2, failures=3),
        ),
        image_pull_secrets=(),
        calls=(),
        public=None,
        database=None,
        secrets={},
        env={},
        config={},
        egress=(),
        autoscale=None,
        command=(),
        args=(),
        volumes={},
        annotations={},
        shutdown=Shutdown(drain=5, grace=30),
        metrics=None,
        jobs={},
    )
    return replace(plain, **changes)


def ingress(class_name: str, **changes: Any) -> Ingress:
    """Return a way in that says no more than its class."""
    plain = Ingress(
        class_name=class_name,
        controller_namespace=None,
        scheme="internal",
        certificate_arn=None,
        waf_arn=None,
        issuer=None,
        oidc=None,
    )
    return replace(plain, **changes)


def job(schedule: str, **changes: Any) -> Job:
    """Return a job that asks for nothing but its time."""
    plain = Job(
        schedule=schedule,
        time_zone="Etc/UTC",
        image="ghcr.io/acme/auth:1.4.2",
        command=(),
        args=(),
        env={},
        resources=Resources(cpu="100m", memory="256Mi", cpu_limit="500m", memory_limit="256Mi"),
        calls=(),
        egress=(),
        concurrency="Forbid",
        deadline=3600,
        starting_deadline=600,
        retries=2,
        history=History(successful=3, failed=1),
        suspend=False,
    )
    return replace(plain, **changes)


def monitoring(**changes: Any) -> Monitoring:
    """Return monitoring of the nodes alone."""
    plain = Monitoring(node_exporter=True, namespace=None, service_monitors=False, labels={})
    return replace(plain, **changes)


def database(**changes: Any) -> Database:
    """Return PostgreSQL 17 with one instance."""
    plain = Database(
        name="asky",
        version=17,
        storage="10Gi",
        storage_class=None,
        wal=None,
        instances=1,
        resources=Resources(cpu="250m", memory="512Mi", cpu_limit="1", memory_limit="512Mi"),
        read_replicas=False,
        pooler=None,
        backup=None,
        external=None,
        generation=1,
        restore=None,
        migrations="sql/migrations",
        seeds="sql/seeds",
    )
    return replace(plain, **changes)


def overlay(stack: Stack, name: str, platform: str, **changes: Any) -> Overlay:
    """Return an overlay that sees the stack as base does."""
    plain = Overlay(
        name=name,
        platform=platform,
        profile="prod",
        seeds=False,
        cluster=None,
        aws=None,
        ingress=ingress("nginx"),
        secrets=OverlaySecrets(provider="job", prefix=f"{stack.name}/{name}"),
        monitoring=stack.monitoring,
        operators=Operators(install=False),
        permits=(),
        services=stack.services,
        database=stack.database,
    )
    return replace(plain, **changes)


def minikube(stack: Stack, **changes: Any) -> Overlay:
    """Return an overlay for minikube: one pod a service, seeds."""
    few = {name: replace(one, replicas=1) for name, one in stack.services.items()}
    return overlay(
        stack, "minikube", "minikube", **{"profile": "dev", "seeds": True, "services": few, **changes}
    )


def eks(stack: Stack, **changes: Any) -> Overlay:
    """Return an overlay for EKS: three instances in three zones, secrets from the cloud."""
    wider = stack.database and replace(stack.database, instances=3, storage_class="gp3-encrypted")
    plain = {
        "cluster": "asky-prod",
        "aws": Aws(region="us-east-1", account="111122223333", alb_cidrs=("10.0.0.0/20",), zones=3),
        "ingress": ingress(
            "alb",
            scheme="internet-facing",
            certificate_arn="arn:aws:acm:us-east-1:111122223333:certificate/0",
        ),
        "secrets": OverlaySecrets(provider="external-secrets", prefix="asky/prod"),
        "database": wider,
    }
    return overlay(stack, "eks", "eks", **{**plain, **changes})


def full_eks(stack: Stack, **changes: Any) -> Overlay:
    """Return the overlay for EKS with all that its database can have; `changes` are the database's."""
    plain = eks(stack)
    assert plain.database is not None
    everything = {
        "wal": "5Gi",
        "read_replicas": True,
        "pooler": Pooler(mode="session", instances=2),
        "backup": Backup("s3://acme-asky", "0 0 2 * * *", "30d", role_arn=None),
        "generation": 2 if "restore" in changes else 1,
    }
    watched = replace(stack.monitoring, service_monitors=True)
    return replace(plain, database=replace(plain.database, **{**everything, **changes}), monitoring=watched)


def asky(**changes: Any) -> Stack:
    """Return Asky's four services with their database; no overlays yet."""

    def own(schema: str) -> ServiceDatabase:
        return ServiceDatabase(schema=schema, readonly_url=False)

    services = [
        service(
            "gateway",
            8000,
            calls=("auth", "pyxis", "requests"),
            public=Public(host="asky.example.org", aliases=(), paths=("/",), tls=True),
        ),
        service(
            "auth",
            8003,
            database=own("auth"),
            env={"LOG_LEVEL": "info"},
            secrets={"JWT_KEY": Secret(generate=48, remote=None, property=None)},
        ),
        service("pyxis", 8001, database=own("pyxis")),
        service("requests", 8002, database=own("requests"), calls=("pyxis",)),
    ]
    plain = Stack(
        name="asky",
        namespace="asky",
        source=Source(repo_url="https://git.example.org/asky/deploy.git", target_revision="main"),
        kubernetes=("1.34", "1.35", "1.36"),
        checks=Checks(cpu_limits="require", databases=()),
        services={one.name: one for one in services},
        database=database(),
        monitoring=monitoring(),
        overlays={},
        sql={"sql/migrations/0001_schemas.sql": "1" * 64, "sql/seeds/0001_users.sql": "2" * 64},
        pins=PINS,
        charts=CHARTS,
        tools=TOOLS,
    )
    return replace(plain, **changes)


def with_overlays(stack: Stack, *overlays: Overlay) -> Stack:
    """Return the stack with overlays, both platforms' when none is named."""
    chosen = overlays or (minikube(stack), eks(stack))
    return replace(stack, overlays={one.name: one for one in chosen})


def view(stack: Stack, overlay: Overlay) -> Stack:
    """Return the stack as an overlay sees it."""
    return replace(stack, services=overlay.services, database=overlay.database, monitoring=overlay.monitoring)
