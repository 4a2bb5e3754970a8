"""The Services in front of the database: the same names in every overlay, whatever stands behind them."""

from collections.abc import Mapping
from typing import Any

from asky_gitops.components import names
from asky_gitops.components.database_access import COMPONENT
from asky_gitops.components.metadata import Wave, metadata
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Stack


def service(stack: Stack, name: str, selector: Mapping[str, str], target: int | str) -> Manifest:
    """Return one Service on PostgreSQL's port."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(stack, name, COMPONENT, Wave.DATABASE, of=names.POSTGRES),
        "spec": {
            "ports": [
                {"name": names.POSTGRES, "port": names.POSTGRES_PORT, "protocol": "TCP", "targetPort": target}
            ],
            "selector": dict(selector),
            "type": "ClusterIP",
        },
    }


def operated(stack: Stack, database: Database) -> list[Manifest]:
    """Return the Services in front of a Cluster: its pooler or its primary, and where reads go."""
    front = behind(stack, database, "rw")
    made = {names.POSTGRES: front}
    if database.pooler:
        made[names.PRIMARY] = instances(stack, "primary")
    if database.read_replicas:
        made[names.READONLY] = behind(stack, database, "ro")
    elif names.readonly_users(stack):
        made[names.READONLY] = front
    return [service(stack, name, selector, names.POSTGRES_PORT) for name, selector in made.items()]


def behind(stack: Stack, database: Database, kind: str) -> dict[str, str]:
    """Return the labels of the pods that take one kind of connection."""
    if database.pooler:
        return {"cnpg.io/poolerName": names.pooler(stack, kind)}
    return instances(stack, "primary" if kind == "rw" else "replica")


def instances(stack: Stack, role: str) -> dict[str, Any]:
    """Return the labels that CloudNativePG gives to the instances of one role, at every failover anew."""
    return {"cnpg.io/cluster": names.cluster(stack), "cnpg.io/instanceRole": role}


def single(stack: Stack, selector: Mapping[str, str]) -> list[Manifest]:
    """Return the Services in front of the only server there is."""
    wanted = [names.POSTGRES, *([names.READONLY] if names.readonly_users(stack) else [])]
    return [service(stack, name, selector, names.POSTGRES) for name in wanted]
