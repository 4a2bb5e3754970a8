"""Names that more than one component writes, so that a reference and its target cannot differ."""

from collections.abc import Mapping
from typing import TypeVar

from asky_gitops.errors import InputError
from asky_gitops.model.lock import Chart
from asky_gitops.model.stack import Database, Service, Stack

Pin = TypeVar("Pin")
POSTGRES = "postgres"
"""The database's Service and host in every overlay, so that no URL differs between overlays."""
POSTGRES_PORT = 5432
MIGRATIONS = "migrations"
SEEDS = "seeds"
SECRETS = "secrets"
SQL_MIGRATIONS = "sql-migrations"
SQL_SEEDS = "sql-seeds"


def cluster(stack: Stack) -> str:
    """Return the name of the CloudNativePG Cluster; its Secrets derive from it."""
    return f"{stack.name}-db"


def database_hosts(stack: Stack) -> list[str]:
    """Return every name of the Service `postgres`, which the server's certificate must hold."""
    inside = f"{POSTGRES}.{stack.namespace}"
    return [POSTGRES, inside, f"{inside}.svc", f"{inside}.svc.cluster.local"]


def ca_secret(stack: Stack) -> str:
    """Return the Secret that holds the database's `ca.crt`.

    CloudNativePG names it `<cluster>-ca`; in other overlays the secrets Job makes one of the same name.
    """
    return f"{cluster(stack)}-ca"


def server_secret(stack: Stack) -> str:
    """Return the Secret with the server's certificate and key, where no operator makes one."""
    return f"{cluster(stack)}-server"


def superuser_secret(stack: Stack) -> str:
    """Return the Secret with the superuser's password, where no operator keeps the superuser."""
    return f"{cluster(stack)}-superuser"


def login_secret(owner: str) -> str:
    """Return the basic-auth Secret (`username`, `password`) of a service or of the migrations."""
    return f"{owner}-db"


def role(service: str) -> str:
    """Return the login role of a service: its name as an SQL identifier that needs no quotes."""
    return service.replace("-", "_")


def migrator(database: Database) -> str:
    """Return the role that owns the database and runs the migrations."""
    return f"{role(database.name)}_migrator"


def monitoring_namespace(stack: Stack) -> str:
    """Return the namespace of what watches the nodes; node-exporter may not live beside the services."""
    return f"{stack.name}-monitoring"


def database_users(stack: Stack) -> list[Service]:
    """Return the services that log in to the database, sorted by name."""
    if stack.database is None:
        return []
    users = (service for service in stack.services.values() if service.database)
    return sorted(users, key=lambda service: service.name)


def job(service: str, name: str) -> str:
    """Return the name of a service's job: of its CronJob, its pods and their policy."""
    return f"{service}-{name}"


def callers(stack: Stack, callee: str) -> list[str]:
    """Return the name labels of the services and jobs that may call a service, sorted."""
    found = [service.name for service in stack.services.values() if callee in service.calls]
    for service in stack.services.values():
        found += [job(service.name, name) for name, one in service.jobs.items() if callee in one.calls]
    return sorted(found)


def image(stack: Stack, purpose: str) -> str:
    """Return the pinned image for a purpose such as `postgres-17`.

    Raises InputError when asky.lock does not pin it.
    """
    return pinned(stack.pins, "image", purpose)


def chart(stack: Stack, name: str) -> Chart:
    """Return the pinned chart of an operator; raises InputError when asky.lock does not pin it."""
    return pinned(stack.charts, "chart", name)


def tool(stack: Stack, name: str) -> str:
    """Return the pinned version of a program; raises InputError when asky.lock does not pin it."""
    return pinned(stack.tools, "tool", name)


def pinned(pins: Mapping[str, Pin], what: str, name: str) -> Pin:
    """Return one pin, or say how the lock gets it."""
    if name not in pins:
        hint = (
            f"`asky-gitops upgrade` adds it where this version knows it, `--set {what}s.{name}=…` any other"
        )
        raise InputError(f'no {what} is pinned for "{name}"', where="asky.lock", hint=hint)
    return pins[name]
