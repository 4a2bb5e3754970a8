"""The SQL migrations: a Job that waits for the database and its roles, then runs dbmate once a sync."""

from typing import Any

from asky_gitops.components import names
from asky_gitops.components.metadata import Wave, selector
from asky_gitops.components.network import policy
from asky_gitops.components.pods import (
    CA_MOUNT,
    SMALL,
    ca_volume,
    container_security,
    from_secret,
    hook_job,
    pod,
    resources,
    service_account,
    tls_environment,
    verifies,
)
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Overlay, Stack

COMPONENT = "migrations"
DEADLINE = 900
"""Seconds for waiting and migrating together; a Job without one would hold the sync for ever."""
FOLDER = "/sql"
SQL_MOUNT = {"name": "sql", "mountPath": FOLDER, "readOnly": True}

WAIT = """\
until [ "$(psql --no-psqlrc --quiet --tuples-only --no-align --command "$READY")" = t ]; do
  sleep 2
done
"""


def base(stack: Stack) -> list[Manifest]:
    """Return the migration Job, its account and its policy; nothing where there is no SQL to run."""
    if stack.database is None or not sql_files(stack, stack.database.migrations):
        return []
    return [
        migration_job(stack, stack.database),
        service_account(stack, names.MIGRATIONS, COMPONENT),
        policy(
            stack,
            names.MIGRATIONS,
            COMPONENT,
            {"matchLabels": selector(stack, names.MIGRATIONS)},
            ingress=[],
            egress=[],
        ),
    ]


def overlay(stack: Stack, overlay: Overlay) -> list[Manifest]:
    """Return the Job that loads the seeds, where the overlay wants them."""
    if not overlay.seeds or overlay.database is None or not sql_files(stack, overlay.database.seeds):
        return []
    return [seed_job(stack, overlay.database)]


def sql_files(stack: Stack, folder: str) -> list[str]:
    """Return the paths of the SQL files in a folder of the repository, in the order they run."""
    return sorted(path for path in stack.sql if path.startswith(f"{folder.rstrip('/')}/"))


def migration_job(stack: Stack, database: Database) -> Manifest:
    """Return the Job: `pg_isready` would succeed before the roles exist, so it logs in and looks.

    `dbmate migrate` writes a file's version in the file's own transaction: a file that fails leaves
    nothing behind, and the next sync runs it again.
    """
    arguments = ["--no-dump-schema", f"--migrations-dir={FOLDER}", "migrate", "--strict"]
    migrate = client(stack, database, "migrate", ["dbmate"], arguments)
    migrate["env"].append({"name": "DATABASE_URL", "value": url(database)})
    mount(migrate, SQL_MOUNT)
    wait = client(stack, database, "wait", ["/bin/sh", "-euc"], [WAIT])
    wait["env"].append({"name": "READY", "value": ready(stack)})
    return job(stack, names.MIGRATIONS, Wave.MIGRATIONS, [wait], migrate, names.SQL_MIGRATIONS)


def seed_job(stack: Stack, database: Database) -> Manifest:
    """Return the Job that runs the seeds, all in one transaction, every sync: they must bear that."""
    paths = [f"{FOLDER}/{path.rsplit('/', 1)[1]}" for path in sql_files(stack, database.seeds)]
    files = [f"--file={path}" for path in paths]
    arguments = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", *files]
    seed = client(stack, database, "seed", ["psql"], arguments)
    mount(seed, SQL_MOUNT)
    return job(stack, names.SEEDS, Wave.SEEDS, [], seed, names.SQL_SEEDS)


def job(
    stack: Stack, name: str, wave: Wave, init: list[dict[str, Any]], main: dict[str, Any], sql: str
) -> Manifest:
    """Return a hook Job over one ConfigMap of SQL."""
    ca = [ca_volume(names.ca_secret(stack))] if stack.database and verifies(stack.database) else []
    volumes = [*ca, {"name": "sql", "configMap": {"name": sql}}]
    spec = pod(names.MIGRATIONS, [main], init=init, volumes=volumes)
    return hook_job(stack, name, COMPONENT, wave, spec, of=names.MIGRATIONS, deadline=DEADLINE)


def client(
    stack: Stack, database: Database, name: str, command: list[str], arguments: list[str]
) -> dict[str, Any]:
    """Return a container that can log in to the primary as the migrator (dbmate's image has psql)."""
    secret = names.login_secret(names.MIGRATIONS)
    made: dict[str, Any] = {
        "name": name,
        "image": names.image(stack, "dbmate"),
        "command": command,
        "args": arguments,
        "env": [
            from_secret("PGUSER", secret, "username"),
            from_secret("PGPASSWORD", secret, "password"),
            {"name": "PGHOST", "value": names.primary_host(database)},
            {"name": "PGPORT", "value": str(names.port(database))},
            {"name": "PGDATABASE", "value": database.name},
            {"name": "PGCONNECT_TIMEOUT", "value": "5"},
            *tls_environment(database),
        ],
        "resources": resources(stack, SMALL),
        "securityContext": container_security(),
    }
    if verifies(database):
        mount(made, CA_MOUNT)
    return made


def mount(container: dict[str, Any], one: dict[str, Any]) -> None:
    """Add a mount to a container, which may have none yet."""
    container["volumeMounts"] = [*container.get("volumeMounts", []), one]


def url(database: Database) -> str:
    """Return dbmate's URL; TLS settings come from PGSSLMODE and PGSSLROOTCERT."""
    host = f"{names.primary_host(database)}:{names.port(database)}"
    return f"postgres://$(PGUSER):$(PGPASSWORD)@{host}/{database.name}"


def ready(stack: Stack) -> str:
    """Return the query that is true on a primary on which every service's role exists."""
    roles = [names.role(service.name) for service in names.database_users(stack)]
    primary = "SELECT NOT pg_is_in_recovery()"
    if not roles:
        return primary
    listed = ", ".join(f"'{role}'" for role in roles)
    return f"{primary} AND count(*) = {len(roles)} FROM pg_roles WHERE rolname IN ({listed})"
