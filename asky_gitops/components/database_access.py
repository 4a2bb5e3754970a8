"""Who may open a connection to the database: the services that have one, and the Jobs that prepare it."""

from typing import Any

from asky_gitops.components import names
from asky_gitops.components.metadata import selector
from asky_gitops.components.network import Peer, pods, policy, tcp
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Stack

COMPONENT = "database"


def users(stack: Stack) -> list[str]:
    """Return the name labels of the services that log in to the database, and of their jobs."""
    services = names.database_users(stack)
    jobs = [names.job(service.name, name) for service in services for name in service.jobs]
    return [*(service.name for service in services), *jobs]


def client_policy(stack: Stack, server: list[Peer], *jobs: str) -> Manifest:
    """Return the way out of the clients to the database.

    It lives beside the database, not in base: only an overlay knows where its database is.
    """
    assert stack.database is not None
    part = {"app.kubernetes.io/part-of": stack.name}
    listed = {
        "key": "app.kubernetes.io/name",
        "operator": "In",
        "values": sorted([*users(stack), names.MIGRATIONS, *jobs]),
    }
    return policy(
        stack,
        "postgres-clients",
        COMPONENT,
        {"matchLabels": part, "matchExpressions": [listed]},
        of=names.POSTGRES,
        egress=[{"to": server, "ports": tcp(names.port(stack.database))}],
    )


def client_rule(stack: Stack, *jobs: str) -> dict[str, Any]:
    """Return the way into the database's pods from the services and from `jobs`."""
    return {
        "from": [pods(stack, name) for name in sorted([*users(stack), *jobs])],
        "ports": tcp(names.POSTGRES_PORT),
    }


def own_selector(stack: Stack) -> dict[str, str]:
    """Return the labels of the pods of a database that no operator runs."""
    return selector(stack, names.POSTGRES)
