"""The pod of PostgreSQL's official image (docker-library/postgres), as a user of its own from the start."""

from typing import Any

from asky_gitops.components import names, postgres_settings
from asky_gitops.components.pods import container_security, pod, resources
from asky_gitops.model.stack import Database, Stack

USER = 999
"""The postgres user of the Debian images (docker-library/postgres)."""
GRACE = 120
"""Seconds for a fast shutdown with its checkpoint before the kubelet kills."""
DATA = "/var/lib/postgresql"
CONFIG = "/etc/postgresql"
TLS = "/etc/postgresql-tls"
PASSWORD = "/run/secrets/superuser"


def pod_spec(stack: Stack, database: Database) -> dict[str, Any]:
    """Return the pod: data, certificates and password mounted, the rest of the file system read-only.

    The key is readable by root and the pod's group only, or PostgreSQL refuses it.
    """
    return pod(
        names.POSTGRES,
        [container(stack, database)],
        user=USER,
        terminationGracePeriodSeconds=GRACE,
        volumes=[
            {"name": "config", "configMap": {"name": names.POSTGRES}},
            {"name": "tls", "secret": {"secretName": names.server_secret(stack), "defaultMode": 0o440}},
            {
                "name": "superuser",
                "secret": {
                    "secretName": names.superuser_secret(stack),
                    "items": [{"key": "password", "path": "password"}],
                },
            },
            {"name": "run", "emptyDir": {}},
            {"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
            {"name": "tmp", "emptyDir": {}},
        ],
    )


def container(stack: Stack, database: Database) -> dict[str, Any]:
    """Return PostgreSQL's container.

    Its data is a folder below the mount, which initdb makes itself: it cannot change the mode of one
    that root owns, and host-path volumes ignore fsGroup.
    """
    mounts = {
        DATA: "data",
        CONFIG: "config",
        TLS: "tls",
        PASSWORD: "superuser",
        "/var/run/postgresql": "run",
        "/dev/shm": "shm",
        "/tmp": "tmp",
    }
    read_only = {"config", "tls", "superuser"}
    return {
        "name": names.POSTGRES,
        "image": names.image(stack, f"postgres-{database.version}"),
        "args": [
            argument for name, value in settings(database).items() for argument in ("-c", f"{name}={value}")
        ],
        "env": [
            {"name": "PGDATA", "value": f"{DATA}/pgdata"},
            {"name": "POSTGRES_DB", "value": database.name},
            {"name": "POSTGRES_INITDB_ARGS", "value": "--data-checksums --encoding=UTF8 --locale=C.UTF-8"},
            {"name": "POSTGRES_PASSWORD_FILE", "value": f"{PASSWORD}/password"},
        ],
        "ports": [{"containerPort": names.POSTGRES_PORT, "name": names.POSTGRES, "protocol": "TCP"}],
        "resources": resources(stack, database.resources),
        "startupProbe": probe(database, failureThreshold=60, periodSeconds=2),
        "readinessProbe": probe(database, failureThreshold=3, periodSeconds=5),
        "livenessProbe": probe(database, failureThreshold=6, periodSeconds=10),
        "securityContext": container_security(),
        "volumeMounts": [
            {"name": name, "mountPath": path, **({"readOnly": True} if name in read_only else {})}
            for path, name in mounts.items()
        ],
    }


def settings(database: Database) -> dict[str, str]:
    """Return the server's settings: TLS, its memory, an audit trail as far as the official image has one."""
    return {
        "hba_file": f"{CONFIG}/pg_hba.conf",
        "log_connections": "on",
        "log_disconnections": "on",
        "log_statement": "ddl",
        "password_encryption": "scram-sha-256",
        "ssl": "on",
        "ssl_cert_file": f"{TLS}/tls.crt",
        "ssl_key_file": f"{TLS}/tls.key",
        "ssl_min_protocol_version": "TLSv1.3",
        **postgres_settings.memory(database),
    }


def probe(database: Database, **timing: int) -> dict[str, Any]:
    """Return a probe over TCP: the server that runs while the data is made listens on a socket only."""
    command = ["pg_isready", "--host=127.0.0.1", "--username=postgres", f"--dbname={database.name}"]
    return {"exec": {"command": command}, "timeoutSeconds": 5, **timing}
