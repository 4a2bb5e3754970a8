"""Names that more than one component writes, so that a reference and its target cannot differ."""

from asky_gitops.errors import InputError
from asky_gitops.model.stack import Database, Service, Stack

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
    if purpose not in stack.pins:
        raise InputError(
            f'no image is pinned for "{purpose}"',
            where="asky.lock",
            hint=f'add "{purpose}" with an image and its digest to asky.lock',
        )
    return stack.pins[purpose]
