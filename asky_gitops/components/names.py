"""Names that more than one component writes, so that a reference and its target cannot differ."""

from collections.abc import Mapping
from typing import TypeVar

from asky_gitops.errors import InputError
from asky_gitops.model.lock import Chart
from asky_gitops.model.stack import Database, Service, Stack

Pin = TypeVar("Pin")
POSTGRES = "postgres"
"""The database's Service and host in every overlay, so that no URL differs between overlays."""
PRIMARY = "postgres-primary"
"""The primary itself, where a pooler stands behind `postgres`: migrations never go through one."""
READONLY = "postgres-ro"
"""Where reads go: to replicas, or to the one server there is."""
POSTGRES_PORT = 5432
MIGRATIONS = "migrations"
SEEDS = "seeds"
SECRETS = "secrets"
SQL_MIGRATIONS = "sql-migrations"
SQL_SEEDS = "sql-seeds"


def cluster(stack: Stack) -> str:
    """Return the name of the CloudNativePG Cluster that serves; its Secrets derive from it."""
    return generation(stack, serving(stack.database) if stack.database else 1)


def generation(stack: Stack, number: int) -> str:
    """Return the name of one generation's Cluster: a restore is a new Cluster, never an old one changed."""
    return f"{stack.name}-db" if number == 1 else f"{stack.name}-db-{number}"


def serving(database: Database) -> int:
    """Return the generation that answers: the older one as long as the restored one is only looked at."""
    beside = database.restore is not None and database.restore.stage == "beside"
    return database.restore.origin if beside and database.restore else database.generation


def database_account(stack: Stack) -> str:
    """Return the ServiceAccount of every generation: rights in the cloud are given to an account."""
    return f"{stack.name}-db"


def object_store(stack: Stack) -> str:
    """Return the ObjectStore of every generation's backups, each in a folder named like its Cluster."""
    return f"{stack.name}-db-backup"


def pooler(stack: Stack, kind: str) -> str:
    """Return the name of the Pooler of one kind, `rw` or `ro`; its Cluster is fixed for its life."""
    return f"{cluster(stack)}-pooler-{kind}"


def database_hosts(stack: Stack) -> list[str]:
    """Return every name of the database's Services, which the server's certificate must hold."""
    inside = ("", f".{stack.namespace}", f".{stack.namespace}.svc", f".{stack.namespace}.svc.cluster.local")
    return [f"{name}{suffix}" for name in (POSTGRES, PRIMARY, READONLY) for suffix in inside]


def host(database: Database) -> str:
    """Return where services connect."""
    return database.external.host if database.external else POSTGRES


def readonly_host(database: Database) -> str:
    """Return where services read."""
    external = database.external
    return (external.readonly_host or external.host) if external else READONLY


def primary_host(database: Database) -> str:
    """Return where what changes the schema connects: never a pooler."""
    return PRIMARY if database.pooler and not database.external else host(database)


def port(database: Database) -> int:
    """Return the database's port."""
    return database.external.port if database.external else POSTGRES_PORT


def ca_secret(stack: Stack) -> str:
    """Return the Secret that holds the database's `ca.crt`.

    CloudNativePG names it `<cluster>-ca`; in other overlays the secrets Job makes one of the same name.
    """
    if stack.database and stack.database.external:
        return stack.database.external.secret
    return f"{cluster(stack)}-ca"


def server_secret(stack: Stack) -> str:
    """Return the Secret with the server's certificate and key, where no operator makes one."""
    return f"{stack.name}-db-server"


def superuser_secret(stack: Stack) -> str:
    """Return the Secret of the login that makes the roles, where no operator does."""
    if stack.database and stack.database.external:
        return stack.database.external.secret
    return f"{stack.name}-db-superuser"


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


def readonly_users(stack: Stack) -> list[Service]:
    """Return the services that read apart from what they write."""
    return [one for one in database_users(stack) if one.database and one.database.readonly_url]


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
