"""The login roles where no operator makes them: a Job that logs in as somebody who may, once a sync."""

from typing import Any

from asky_gitops.components import names
from asky_gitops.components.metadata import Wave
from asky_gitops.components.pods import (
    CA_MOUNT,
    SMALL,
    ca_volume,
    container_security,
    from_secret,
    hook_job,
    pod,
    resources,
    tls_environment,
    verifies,
)
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Stack

NAME = "postgres-roles"
FOLDER = "/run/secrets/roles"
DEADLINE = 300

SCRIPT = f"""\
until pg_isready --quiet; do
  sleep 1
done
for file in {FOLDER}/*; do
  ROLE=$(basename "$file") ROLE_PASSWORD=$(cat "$file") \\
    psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <<'SQL'
-- A statement that is logged would hold the password. Only a superuser may turn that off.
SELECT set_config(name, value, false)
FROM (VALUES ('log_statement', 'none'), ('log_min_error_statement', 'panic'),
  ('log_min_duration_statement', '-1')) AS settings (name, value)
WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \\g /dev/null
\\getenv role ROLE
\\getenv password ROLE_PASSWORD
SELECT format('CREATE ROLE %I', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
SELECT format('ALTER ROLE %I NOSUPERUSER NOREPLICATION NOBYPASSRLS', :'role')
WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \\gexec
ALTER ROLE :"role" LOGIN NOCREATEDB NOCREATEROLE PASSWORD :'password';
SQL
done
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <<'SQL'
\\getenv owner DATABASE_OWNER
SELECT format('GRANT %I TO %I', :'owner', current_user)
WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \\gexec
SELECT format('ALTER DATABASE %I OWNER TO %I', datname, :'owner') FROM pg_database
WHERE datname = current_database() AND pg_get_userbyid(datdba) <> :'owner' \\gexec
SQL
"""
"""Passwords travel from files through psql's variables: never an argument, never a line of a log."""


def job(stack: Stack, database: Database) -> Manifest:
    """Return the Job; running it again sets the same roles and passwords."""
    volumes = [
        *([ca_volume(names.ca_secret(stack))] if verifies(database) else []),
        {"name": "roles", "projected": {"sources": passwords(stack, database)}},
        {"name": "tmp", "emptyDir": {}},
    ]
    spec = pod(names.POSTGRES, [container(stack, database)], volumes=volumes)
    return hook_job(stack, NAME, "database", Wave.ROLES, spec, of=NAME, deadline=DEADLINE)


def container(stack: Stack, database: Database) -> dict[str, Any]:
    """Return the container; /tmp is where a shell keeps a here-document."""
    return {
        "name": "roles",
        "image": names.image(stack, f"postgres-{database.version}"),
        "command": ["/bin/sh", "-euc"],
        "args": [SCRIPT],
        "env": [
            from_secret("PGUSER", names.superuser_secret(stack), "username"),
            from_secret("PGPASSWORD", names.superuser_secret(stack), "password"),
            {"name": "PGHOST", "value": names.primary_host(database)},
            {"name": "PGPORT", "value": str(names.port(database))},
            {"name": "PGDATABASE", "value": database.name},
            {"name": "PGCONNECT_TIMEOUT", "value": "5"},
            {"name": "DATABASE_OWNER", "value": names.migrator(database)},
            *tls_environment(database),
        ],
        "resources": resources(stack, SMALL),
        "securityContext": container_security(),
        "volumeMounts": [
            *([CA_MOUNT] if verifies(database) else []),
            {"name": "roles", "mountPath": FOLDER, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},
        ],
    }


def passwords(stack: Stack, database: Database) -> list[dict[str, Any]]:
    """Return a file a role, named like it, that holds its password."""
    logins = {names.migrator(database): names.login_secret(names.MIGRATIONS)}
    for service in names.database_users(stack):
        logins[names.role(service.name)] = names.login_secret(service.name)
    return [
        {"secret": {"name": secret, "items": [{"key": "password", "path": role}]}}
        for role, secret in logins.items()
    ]
