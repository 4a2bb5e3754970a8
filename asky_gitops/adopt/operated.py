"""PostgreSQL that CloudNativePG runs: its Cluster and Poolers, its backups, and how others find it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from asky_gitops.adopt.found import Found, Log
from asky_gitops.adopt.pods import resources
from asky_gitops.adopt.scene import annotations, is_own

GROUPS = ("postgresql.cnpg.io/", "barmancloud.cnpg.io/")
PARTS = ("Pooler", "ScheduledBackup", "ObjectStore")
"""What belongs to a Cluster."""
ROLE_ARN = "eks.amazonaws.com/role-arn"
RETENTION = re.compile(r"[1-9][0-9]*[dwm]")


def is_cluster(one: Found) -> bool:
    """Tell a Cluster of CloudNativePG."""
    return one.kind == "Cluster" and str(one.manifest["apiVersion"]).startswith(GROUPS[0])


def is_part(one: Found) -> bool:
    """Tell an object that belongs to a Cluster."""
    return one.kind in PARTS and str(one.manifest["apiVersion"]).startswith(GROUPS)


def belongs(one: Found, cluster: Found) -> bool:
    """Tell whether an object belongs to this Cluster; an ObjectStore is whose archiver names it."""
    named = (one.spec.get("cluster") or {}).get("name")
    return is_part(one) and (one.kind == "ObjectStore" or named == cluster.name)


def poolers(cluster: Found, every: Iterable[Found]) -> list[Found]:
    """Return the Poolers of a Cluster."""
    return [one for one in every if one.kind == "Pooler" and belongs(one, cluster)]


def selects(wanted: Mapping[str, Any], cluster: Found, every: Iterable[Found]) -> bool:
    """Tell whether labels find a Cluster's instances or one of its Poolers."""
    pools = [one.name for one in poolers(cluster, every)]
    return wanted.get("cnpg.io/cluster") == cluster.name or wanted.get("cnpg.io/poolerName") in pools


def hosts(cluster: Found, every: Iterable[Found]) -> set[str]:
    """Return the names of the Services that the operator makes (CloudNativePG, "Service management")."""
    return {
        *(f"{cluster.name}-{kind}" for kind in ("rw", "ro", "r")),
        *(o.name for o in poolers(cluster, every)),
    }


def secrets(cluster: Found) -> set[str]:
    """Return the names of the Secrets with the database's logins."""
    setup = (cluster.spec.get("bootstrap") or {}).get("initdb") or {}
    roles = (cluster.spec.get("managed") or {}).get("roles") or []
    named = [setup.get("secret"), *(one.get("passwordSecret") for one in roles)]
    own = {f"{cluster.name}-{kind}" for kind in ("app", "superuser")}
    return {*own, *(str(one["name"]) for one in named if one)}


def adopt(cluster: Found, log: Log) -> dict[str, Any]:
    """Return what a Cluster says of the database in every overlay."""
    start = cluster.spec.get("bootstrap") or {}
    setup = start.get("initdb") or start.get("recovery") or {}
    log.add("taken", cluster, "database")
    return {
        "name": str(setup.get("database", "app")),
        "storage": str((cluster.spec.get("storage") or {}).get("size", "10Gi")),
    }


def generation(cluster: str, stack: str) -> int | None:
    """Return the generation that our own name of a Cluster says; None for a name of anybody else's."""
    found = re.fullmatch(rf"{re.escape(stack)}-db(?:-(\d+))?", cluster)
    return int(found[1] or 1) if found else None


def restored(clusters: list[Found], every: list[Found], stack: str) -> dict[str, Any]:
    """Return the newest generation of our own Clusters and how it is restored from an older one."""
    found = {number: one for one in clusters if is_own(one) and (number := generation(one.name, stack))}
    if not found or max(found) == 1:
        return {}
    newest = found[max(found)]
    recovery = (newest.spec.get("bootstrap") or {}).get("recovery") or {}
    origin = generation(str(recovery.get("source")), stack)
    made: dict[str, Any] = {"generation": max(found)}
    if origin is None:
        return made
    serves = any(
        is_own(one) and selects(one.spec.get("selector") or {}, newest, every)
        for one in every
        if one.kind == "Service"
    )
    stage = "beside" if not serves else "cut-over" if origin in found else "done"
    moment = (recovery.get("recoveryTarget") or {}).get("targetTime")
    return made | {"restore": {"from": origin, **({"targetTime": moment} if moment else {}), "stage": stage}}


def settings(cluster: Found, every: list[Found], folder: str, log: Log) -> dict[str, Any]:
    """Return what a Cluster and what belongs to it say of the database in their overlay.

    `folder` is the overlay's own one in the bucket of the backups.
    """
    spec = cluster.spec
    pools = poolers(cluster, every)
    found = {
        "instances": spec.get("instances"),
        "storageClass": (spec.get("storage") or {}).get("storageClass"),
        "resources": resources(spec),
        "wal": (spec.get("walStorage") or {}).get("size"),
        "pooler": pooler(pools, log),
        "readReplicas": any(one.spec.get("type") == "ro" for one in pools) or reads(cluster, every),
        "backup": backup(cluster, every, folder, log),
    }
    return {key: value for key, value in found.items() if value}


def reads(cluster: Found, every: Iterable[Found]) -> bool:
    """Tell whether a Service leads to a Cluster's replicas."""
    wanted = {"cnpg.io/cluster": cluster.name, "cnpg.io/instanceRole": "replica"}
    return any(one.kind == "Service" and one.spec.get("selector") == wanted for one in every)


def pooler(pools: list[Found], log: Log) -> dict[str, Any]:
    """Return PgBouncer in the spec's words."""
    made: dict[str, Any] = {}
    for one in pools:
        mode = (one.spec.get("pgbouncer") or {}).get("poolMode", "session")
        made = made or {"mode": mode, "instances": one.spec.get("instances", 1)}
        log.add("taken", one, "overlays: database.pooler")
    return made


def backup(cluster: Found, every: list[Found], folder: str, log: Log) -> dict[str, Any]:
    """Return the backups in the spec's words, where they go to S3."""
    inside = (cluster.spec.get("backup") or {}).get("barmanObjectStore") or {}
    stores = [one for one in every if one.kind == "ObjectStore" and belongs(one, cluster)]
    place = str(inside.get("destinationPath") or "")
    retention = str((cluster.spec.get("backup") or {}).get("retentionPolicy") or "")
    for one in stores:
        place = str((one.spec.get("configuration") or {}).get("destinationPath") or "")
        retention = str(one.spec.get("retentionPolicy") or "")
        log.add("taken", one, "overlays: database.backup")
    schedules = [one for one in every if one.kind == "ScheduledBackup" and belongs(one, cluster)]
    for one in schedules:
        log.add("taken" if place else "left over", one, "overlays: database.backup.schedule")
    if not place.startswith("s3://"):
        if place:
            log.add("left over", cluster, "backups: the spec writes them to S3 alone")
        return {}
    bucket = place.removesuffix("/").removesuffix(f"/{folder}")
    if bucket == place.removesuffix("/"):
        log.add(
            "changed",
            cluster,
            f"a new archive begins at {bucket}/{folder}: keep the old one until it is full",
        )
    made = {"bucket": bucket}
    if schedules:
        made["schedule"] = str(schedules[0].spec["schedule"])
    if RETENTION.fullmatch(retention):
        made["retention"] = retention
    return made | role(cluster, every)


def role(cluster: Found, every: Iterable[Found]) -> dict[str, str]:
    """Return the IAM role that the instances' account has by an annotation (IRSA)."""
    inside = ((cluster.spec.get("serviceAccountTemplate") or {}).get("metadata") or {}).get(
        "annotations"
    ) or {}
    account = cluster.spec.get("serviceAccountName") or cluster.name
    outside = [annotations(one) for one in every if one.kind == "ServiceAccount" and one.name == account]
    found = [str(notes[ROLE_ARN]) for notes in (inside, *outside) if ROLE_ARN in notes]
    return {"roleArn": found[0]} if found else {}
