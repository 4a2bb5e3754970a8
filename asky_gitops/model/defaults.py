"""What a spec gets when it says nothing: one table, each value with its reason.

A key is `section.key` as the spec spells it; `service` is what `defaults:`, a service and an overlay share.
A platform's own defaults (`asky_gitops/platforms`) and everything the spec says are stronger.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Default:
    """One default: the value as the spec would spell it, and why it is that one."""

    value: Any
    reason: str


DEFAULTS: Mapping[str, Default] = MappingProxyType(
    {
        "source.targetRevision": Default("HEAD", "what Argo CD follows when nothing else is said"),
        "kubernetes": Default(
            ["1.34", "1.35", "1.36"],
            "the minor versions that CloudNativePG 1.30 supports (its supported releases)",
        ),
        "checks.cpuLimits": Default("require", "one runaway pod must not starve its node"),
        "checks.databases": Default([], "PostgreSQL is recognised by itself"),
        "service.replicas": Default(2, "one pod can go while a node is drained"),
        "service.resources.cpu": Default("100m", "an idle asyncio service; raise it by what is measured"),
        "service.resources.memory": Default(
            "256Mi", "a Python service with its imports and a connection pool"
        ),
        "service.resources.cpuLimit": Default("500m", "five times the request, for start-up"),
        "service.probes.path": Default("/healthz", "the field's customary path"),
        "service.probes.startup.period": Default(2, "a service that is up is used at once"),
        "service.probes.startup.timeout": Default(2, "an answer on localhost takes milliseconds"),
        "service.probes.startup.failures": Default(30, "a minute for imports and first connections"),
        "service.probes.readiness.period": Default(5, "a pod that cannot work gets no requests for long"),
        "service.probes.readiness.timeout": Default(2, "an answer on localhost takes milliseconds"),
        "service.probes.readiness.failures": Default(3, "one slow answer is no failure"),
        "service.probes.liveness.period": Default(10, "a restart is the last resort, not the first"),
        "service.probes.liveness.timeout": Default(2, "an answer on localhost takes milliseconds"),
        "service.probes.liveness.failures": Default(3, "half a minute without a connection is no pause"),
        "service.shutdown.drain": Default(5, "until no proxy sends requests to the pod any more"),
        "service.shutdown.grace": Default(30, "Kubernetes' own; the drain is part of it"),
        "service.imagePullSecrets": Default([], "public images need none"),
        "service.calls": Default([], "the network is closed: a service reaches what it names"),
        "service.egress": Default([], "the network is closed: nothing outside the stack is reachable"),
        "service.env": Default({}, "nothing is assumed"),
        "service.secrets": Default({}, "nothing is assumed"),
        "service.config": Default({}, "nothing is assumed"),
        "service.volumes": Default({}, "the root file system is read-only"),
        "service.jobs": Default({}, "nothing is assumed"),
        "service.annotations": Default({}, "nothing is assumed"),
        "service.command": Default([], "the image's own entry point"),
        "service.args": Default([], "the image's own arguments"),
        "service.public.aliases": Default([], "one host is enough"),
        "service.public.paths": Default(["/"], "everything below the host"),
        "service.public.tls": Default(True, "plain text on the internet is a decision to write down"),
        "service.autoscale.cpu": Default(70, "per cent of the request: room for a burst while pods start"),
        "service.metrics.path": Default("/metrics", "Prometheus' own default"),
        "volume.size": Default("1Gi", "a full folder ends its pod, not its node"),
        "volume.memory": Default(False, "memory counts against the container's limit"),
        "job.timeZone": Default("Etc/UTC", "no hour that comes twice or never"),
        "job.concurrency": Default("Forbid", "two runs at once are a decision to write down"),
        "job.deadline": Default(3600, "a run that hangs would keep every later one from starting"),
        "job.startingDeadline": Default(600, "without one, a hundred missed runs stop a CronJob for good"),
        "job.retries": Default(2, "what fails for a moment, as the database does in a failover"),
        "job.history.successful": Default(3, "Kubernetes' own"),
        "job.history.failed": Default(1, "Kubernetes' own: the one to look into"),
        "job.suspend": Default(False, "a job that is written down runs"),
        "job.command": Default([], "the image's own entry point"),
        "job.args": Default([], "the image's own arguments"),
        "job.env": Default({}, "the service's environment, nothing on top"),
        "database.version": Default(17, "the newest major version with a year of fixes behind it"),
        "database.storage": Default("10Gi", "a start; volumes grow but never shrink"),
        "database.instances": Default(1, "platforms that can fail over raise it"),
        "database.resources.cpu": Default("250m", "PostgreSQL at rest with its background workers"),
        "database.resources.memory": Default("512Mi", "shared buffers and some forty connections"),
        "database.resources.cpuLimit": Default("1", "room for a vacuum beside queries"),
        "database.readReplicas": Default(False, "a replica answers late; a service must be made for that"),
        "database.generation": Default(1, "a restore makes the next"),
        "database.migrations": Default("sql/migrations", "where `asky-gitops init` writes them"),
        "database.seeds": Default("sql/seeds", "where `asky-gitops init` writes them"),
        "serviceDatabase.readonlyURL": Default(False, "most services write"),
        "pooler.mode": Default(
            "session", "`transaction` breaks what a session holds: SET, LISTEN, advisory locks, statements"
        ),
        "pooler.instances": Default(2, "one can go while a node is drained"),
        "backup.schedule": Default("0 0 2 * * *", "every night; the WAL is archived all day"),
        "backup.retention": Default("30d", "a mistake is often seen only when the month is closed"),
        "external.port": Default(5432, "PostgreSQL's own"),
        "external.tls": Default("verify-full", "anything less takes another server for the right one"),
        "external.cidrs": Default([], "the address, where `host` is one"),
        "restore.stage": Default("beside", "look at what was restored before it serves"),
        "monitoring.nodeExporter": Default(
            False, "it needs the host's file system: a decision to write down"
        ),
        "monitoring.serviceMonitors": Default(
            False, "they need the Prometheus operator's definitions in the cluster"
        ),
        "monitoring.labels": Default({}, "a Prometheus that selects none takes all"),
        "overlay.profile": Default("prod", "the strict one; `dev` is a decision to write down"),
        "overlay.permits": Default([], "Argo CD's project permits what is generated, and nothing else"),
        "overlay.seeds": Default(False, "sample data never reaches an overlay by itself"),
        "ingress.class": Default("nginx", "the class most clusters have"),
        "ingress.scheme": Default("internal", "the internet is a decision to write down"),
        "issuer.kind": Default("ClusterIssuer", "one issuer for the cluster's namespaces"),
        "oidc.scope": Default("openid", "the load balancer's own default: who somebody is, nothing more"),
        "operators.install": Default(False, "an operator that is there must not be installed twice"),
        "secrets.provider": Default("job", "needs nothing but the cluster"),
        "aws.zones": Default(3, "a zone can fail and two others still agree"),
    }
)


def section(prefix: str) -> dict[str, Any]:
    """Return the defaults under `prefix` as one nested map, keys as the spec spells them."""
    nested: dict[str, Any] = {}
    for key, default in DEFAULTS.items():
        if key.startswith(f"{prefix}."):
            *parents, last = key.removeprefix(f"{prefix}.").split(".")
            level = nested
            for parent in parents:
                level = level.setdefault(parent, {})
            level[last] = default.value
    return nested
