"""Who may open a connection to the database: the services that have one, and the Jobs that prepare it."""

from collections.abc import Mapping
from typing import Any

from asky_gitops.components import names
from asky_gitops.components.metadata import selector
from asky_gitops.components.network import pods, policy, tcp
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Stack

COMPONENT = "database"


def clients(stack: Stack, *jobs: str) -> list[str]:
    """Return the name labels of every pod that logs in to the database; `jobs` are the overlay's own."""
    users = names.database_users(stack)
    of_services = [names.job(service.name, name) for service in users for name in service.jobs]
    return sorted([*(service.name for service in users), *of_services, names.MIGRATIONS, *jobs])


def client_policy(stack: Stack, server: Mapping[str, str], *jobs: str) -> Manifest:
    """Return the way out of the clients to the database's pods.

    It lives beside the database, not in base: only an overlay knows which labels its database has.
    """
    part = {"app.kubernetes.io/part-of": stack.name}
    listed = {"key": "app.kubernetes.io/name", "operator": "In", "values": clients(stack, *jobs)}
    return policy(
        stack,
        "postgres-clients",
        COMPONENT,
        {"matchLabels": part, "matchExpressions": [listed]},
        of=names.POSTGRES,
        egress=[{"to": [{"podSelector": {"matchLabels": dict(server)}}], "ports": tcp(names.POSTGRES_PORT)}],
    )


def client_rule(stack: Stack, *jobs: str) -> dict[str, Any]:
    """Return the way into the database's pods from its clients."""
    return {
        "from": [pods(stack, name) for name in clients(stack, *jobs)],
        "ports": tcp(names.POSTGRES_PORT),
    }


def own_selector(stack: Stack) -> dict[str, str]:
    """Return the labels of the pods of a database that no operator runs."""
    return selector(stack, names.POSTGRES)
