"""Backups by CloudNativePG's Barman Cloud plugin, and a Cluster that starts from them."""

from typing import Any

from asky_gitops.components import names
from asky_gitops.components.database_access import COMPONENT
from asky_gitops.components.metadata import CUSTOM, Wave, metadata
from asky_gitops.components.pods import resources
from asky_gitops.model.database import Backup
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Overlay, Resources, Stack

PLUGIN = "barman-cloud.cloudnative-pg.io"
SIZE = Resources(cpu="100m", memory="256Mi", cpu_limit="500m", memory_limit="512Mi")
"""The plugin's container in every instance's pod: it compresses and uploads."""


def overlay(stack: Stack, overlay: Overlay, database: Database) -> list[Manifest]:
    """Return the store of the backups, and a schedule for each Cluster that is not asleep."""
    if database.backup is None:
        return []
    running = {names.serving(database), database.generation}
    return [
        object_store(stack, overlay, database.backup),
        *(schedule(stack, database.backup, names.generation(stack, one)) for one in sorted(running)),
    ]


def folder(stack: Stack, overlay: Overlay, backup: Backup) -> str:
    """Return the overlay's own folder in the bucket, where no other stack's archive can be."""
    return f"{backup.bucket}/{stack.name}/{overlay.name}"


def object_store(stack: Stack, overlay: Overlay, backup: Backup) -> Manifest:
    """Return the ObjectStore; what is written is encrypted as the bucket says, with which key too."""
    name = names.object_store(stack)
    return {
        "apiVersion": "barmancloud.cnpg.io/v1",
        "kind": "ObjectStore",
        "metadata": metadata(stack, name, COMPONENT, Wave.GROUND, of=names.POSTGRES, options=(CUSTOM,)),
        "spec": {
            "configuration": {
                "data": {"compression": "gzip", "jobs": 2},
                "destinationPath": folder(stack, overlay, backup),
                "s3Credentials": {"inheritFromIAMRole": True},
                "wal": {"compression": "gzip", "maxParallel": 4},
            },
            "instanceSidecarConfiguration": {"resources": resources(stack, SIZE)},
            "retentionPolicy": backup.retention,
        },
    }


def schedule(stack: Stack, backup: Backup, cluster: str) -> Manifest:
    """Return the base backups: the first one at once, for without one no WAL can be replayed.

    The Cluster owns them, not the schedule: without it they would go when a schedule is renamed.
    """
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "ScheduledBackup",
        "metadata": metadata(stack, cluster, COMPONENT, Wave.EDGE, of=names.POSTGRES, options=(CUSTOM,)),
        "spec": {
            "backupOwnerReference": "cluster",
            "cluster": {"name": cluster},
            "immediate": True,
            "method": "plugin",
            "pluginConfiguration": {"name": PLUGIN},
            "schedule": backup.schedule,
        },
    }


def plugins(stack: Stack, database: Database, cluster: str) -> list[dict[str, Any]]:
    """Return the archiver of one Cluster, into a folder of the Cluster's own."""
    if database.backup is None:
        return []
    return [plugin(stack, cluster, archiver=True)]


def plugin(stack: Stack, cluster: str, *, archiver: bool) -> dict[str, Any]:
    """Return the plugin over one Cluster's folder; the defaults inside the list are written out."""
    return {
        "name": PLUGIN,
        "enabled": True,
        "isWALArchiver": archiver,
        "parameters": {"barmanObjectName": names.object_store(stack), "serverName": cluster},
    }


def sources(stack: Stack, database: Database, generation: int) -> list[dict[str, Any]]:
    """Return where a generation was restored from; nothing for one that began empty."""
    restore = database.restore
    if restore is None or generation != database.generation:
        return []
    origin = names.generation(stack, restore.origin)
    return [{"name": origin, "plugin": plugin(stack, origin, archiver=False)}]


def recovery(stack: Stack, database: Database) -> dict[str, Any]:
    """Return the first start from a backup: the owner gets the password that is there now."""
    assert database.restore is not None
    made: dict[str, Any] = {
        "database": database.name,
        "owner": names.migrator(database),
        "secret": {"name": names.login_secret(names.MIGRATIONS)},
        "source": names.generation(stack, database.restore.origin),
    }
    if database.restore.target_time:
        made["recoveryTarget"] = {"targetTime": database.restore.target_time}
    return {"recovery": made}
