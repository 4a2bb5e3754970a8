"""What Prometheus reads of CloudNativePG, and when somebody is woken (the Prometheus operator's objects)."""

from typing import Any

from asky_gitops.components import names, poolers
from asky_gitops.components.database_access import COMPONENT
from asky_gitops.components.metadata import CUSTOM, Wave, metadata
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Stack

DAY = 86400


def overlay(stack: Stack, database: Database) -> list[Manifest]:
    """Return a PodMonitor for the instances and for each Pooler, and the alerts."""
    if not stack.monitoring.service_monitors:
        return []
    cluster = names.cluster(stack)
    instances = {"cnpg.io/cluster": cluster, "cnpg.io/podRole": "instance"}
    return [
        monitor(stack, cluster, instances),
        *(
            monitor(stack, name, {"cnpg.io/poolerName": name})
            for name in (names.pooler(stack, kind) for kind in poolers.kinds(database))
            if database.pooler
        ),
        alerts(stack, database),
    ]


def found_by_prometheus(stack: Stack, name: str) -> dict[str, Any]:
    """Return the metadata of an object that Prometheus looks for by the stack's own labels."""
    made = metadata(stack, name, COMPONENT, Wave.EDGE, of=names.POSTGRES, options=(CUSTOM,))
    made["labels"] = dict(sorted({**stack.monitoring.labels, **made["labels"]}.items()))
    return made


def monitor(stack: Stack, name: str, pods: dict[str, str]) -> Manifest:
    """Return a PodMonitor; the operator's own is deprecated."""
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PodMonitor",
        "metadata": found_by_prometheus(stack, name),
        "spec": {"podMetricsEndpoints": [{"port": "metrics"}], "selector": {"matchLabels": pods}},
    }


def alerts(stack: Stack, database: Database) -> Manifest:
    """Return the alerts of the Cluster that serves."""
    rules = [*of_server(stack), *(of_backups(stack, database.backup.schedule) if database.backup else [])]
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": found_by_prometheus(stack, names.cluster(stack)),
        "spec": {"groups": [{"name": f"{stack.namespace}-{names.cluster(stack)}", "rules": rules}]},
    }


def alert(name: str, expression: str, minutes: int, severity: str, summary: str) -> dict[str, Any]:
    """Return one alert; it fires when the expression held for so many minutes."""
    return {
        "alert": name,
        "annotations": {"summary": summary},
        "expr": expression,
        "for": f"{minutes}m",
        "labels": {"severity": severity},
    }


def of_server(stack: Stack) -> list[dict[str, Any]]:
    """Return what may be wrong with the server: down, behind, full, out of connections."""
    cluster = names.cluster(stack)
    of = f'namespace="{stack.namespace}",pod=~"{cluster}-[0-9]+"'
    claims = f'namespace="{stack.namespace}",persistentvolumeclaim=~"{cluster}-[0-9]+(-wal)?"'
    most = f'max by (pod) (cnpg_pg_settings_setting{{{of},name="max_connections"}})'
    return [
        alert(
            "DatabaseDown",
            f"cnpg_collector_up{{{of}}} == 0",
            5,
            "critical",
            "{{ $labels.pod }} does not answer its exporter",
        ),
        alert(
            "DatabaseReplicationLag",
            f"max by (pod) (cnpg_pg_replication_lag{{{of}}}) > 300",
            5,
            "warning",
            "{{ $labels.pod }} is {{ $value | humanizeDuration }} behind the primary",
        ),
        alert(
            "DatabaseConnectionsRunOut",
            f"sum by (pod) (cnpg_backends_total{{{of}}}) / {most} > 0.8",
            10,
            "warning",
            "{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its connections",
        ),
        alert(
            "DatabaseDiskFills",
            f"kubelet_volume_stats_available_bytes{{{claims}}}"
            f" / kubelet_volume_stats_capacity_bytes{{{claims}}} < 0.15",
            10,
            "critical",
            "{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left: full, it stops",
        ),
    ]


def of_backups(stack: Stack, schedule: str) -> list[dict[str, Any]]:
    """Return what may be wrong with the backups: too old, failed, the WAL stuck."""
    of = f'namespace="{stack.namespace}",pod=~"{names.cluster(stack)}-[0-9]+"'
    prefix = "barman_cloud_cloudnative_pg_io"
    available = f"{prefix}_last_available_backup_timestamp{{{of}}}"
    last = f"max by (namespace) ({available})"
    failed = f"max by (namespace) ({prefix}_last_failed_backup_timestamp{{{of}}})"
    archived = f"cnpg_pg_stat_archiver_last_archived_time{{{of}}}"
    return [
        alert(
            "DatabaseBackupOld",
            f"time() - {last} > {longest_gap(schedule) + DAY // 2} or absent({available})",
            60,
            "critical",
            "the last base backup is too old, or there is none",
        ),
        alert("DatabaseBackupFailed", f"{failed} > {last}", 5, "warning", "the last base backup failed"),
        alert(
            "DatabaseWalNotArchived",
            f"cnpg_pg_stat_archiver_last_failed_time{{{of}}} - {archived} > 1",
            15,
            "critical",
            "{{ $labels.pod }} cannot archive its WAL: a restore would lose it, and the disk fills",
        ),
    ]


def longest_gap(schedule: str) -> int:
    """Return seconds between two base backups at most, roundly: a day, a week or a month."""
    if schedule.startswith("@"):
        return {"@hourly": 1, "@daily": 1, "@midnight": 1, "@weekly": 7, "@monthly": 31}.get(
            schedule, 366
        ) * DAY
    day, month, weekday = schedule.split(" ")[3:]
    if month not in ("*", "?"):
        return 366 * DAY
    if weekday not in ("*", "?"):
        return 7 * DAY
    return DAY if day in ("*", "?") else 31 * DAY
