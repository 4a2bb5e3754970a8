"""PgBouncer in front of CloudNativePG: a Pooler for the primary, one for replicas where reads go there."""

from typing import Any

from asky_gitops.components import names, postgres_settings
from asky_gitops.components.database_access import COMPONENT
from asky_gitops.components.metadata import CUSTOM, Wave, metadata
from asky_gitops.components.pods import resources
from asky_gitops.model import database as parts
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Resources, Stack

SIZE = Resources(cpu="100m", memory="128Mi", cpu_limit="500m", memory_limit="128Mi")
"""PgBouncer is one thread with some kilobytes a client."""
CLIENTS = 1000
"""Clients of one PgBouncer; beyond the pool they wait instead of being refused."""
STATEMENTS = 200
"""Prepared statements that PgBouncer keeps for its clients in transaction mode; 0 would break asyncpg."""


def overlay(stack: Stack, database: Database) -> list[Manifest]:
    """Return the Poolers, each with a budget that leaves one pod while nodes are drained."""
    wanted = database.pooler
    if wanted is None:
        return []
    return [
        manifest
        for kind in kinds(database)
        for manifest in (
            pooler(stack, database, wanted, kind),
            *([budget(stack, kind)] if wanted.instances > 1 else []),
        )
    ]


def kinds(database: Database) -> list[str]:
    """Return which Poolers there are."""
    return ["rw", *(["ro"] if database.read_replicas else [])]


def pooler(stack: Stack, database: Database, wanted: parts.Pooler, kind: str) -> Manifest:
    """Return one Pooler; it presents the Cluster's certificate, which holds our Services' names."""
    name = names.pooler(stack, kind)
    labels = {"cnpg.io/poolerName": name}
    container = {"name": "pgbouncer", "resources": resources(stack, SIZE)}
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Pooler",
        "metadata": metadata(stack, name, COMPONENT, Wave.ROLES, of=names.POSTGRES, options=(CUSTOM,)),
        "spec": {
            "cluster": {"name": names.cluster(stack)},
            "instances": wanted.instances,
            "pgbouncer": {
                "image": names.image(stack, "pgbouncer"),
                "parameters": parameters(stack, database, wanted),
                "poolMode": wanted.mode,
            },
            "template": {
                "spec": {
                    "containers": [container],
                    "enableServiceLinks": False,
                    "topologySpreadConstraints": [
                        spread(key, labels)
                        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
                    ],
                },
            },
            "type": kind,
        },
    }


def parameters(stack: Stack, database: Database, wanted: parts.Pooler) -> dict[str, str]:
    """Return PgBouncer's settings: TLS or nothing, and pools that fit into the server all together."""
    logins = len(names.database_users(stack))
    size = postgres_settings.pool_size(database, logins, wanted.instances)
    made = {
        "client_tls_sslmode": "require",
        "default_pool_size": str(size),
        "max_client_conn": str(CLIENTS),
    }
    if wanted.mode == "transaction":
        made["max_prepared_statements"] = str(STATEMENTS)
    return made


def spread(key: str, labels: dict[str, str]) -> dict[str, Any]:
    """Return a preference for pods apart from each other."""
    return {
        "labelSelector": {"matchLabels": labels},
        "maxSkew": 1,
        "topologyKey": key,
        "whenUnsatisfiable": "ScheduleAnyway",
    }


def budget(stack: Stack, kind: str) -> Manifest:
    """Return the disruption budget, which the operator makes for instances only."""
    name = names.pooler(stack, kind)
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata(stack, name, COMPONENT, Wave.EDGE, of=names.POSTGRES),
        "spec": {
            "maxUnavailable": 1,
            "selector": {"matchLabels": {"cnpg.io/poolerName": name}},
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        },
    }
