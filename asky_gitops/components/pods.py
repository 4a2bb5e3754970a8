"""Pods and containers as Pod Security "restricted" wants them, with nothing writable by accident."""

from collections.abc import Mapping, Sequence
from typing import Any

from asky_gitops.components.metadata import HOOK, Wave, labels, metadata
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Resources, Stack

USER = 10001
"""Any number but 0: an image whose USER is a name, or root, would otherwise be refused at start."""

SMALL = Resources(cpu="50m", memory="64Mi", cpu_limit="500m", memory_limit="256Mi")
"""For the Jobs that only talk to a server."""


def resources(stack: Stack, wanted: Resources) -> dict[str, Any]:
    """Return requests and limits; the cpu limit goes where the stack's own checks forbid one."""
    limits = {"memory": wanted.memory_limit}
    if wanted.cpu_limit and stack.checks.cpu_limits != "forbid":
        limits = {"cpu": wanted.cpu_limit, **limits}
    return {"requests": {"cpu": wanted.cpu, "memory": wanted.memory}, "limits": limits}


def container_security() -> dict[str, Any]:
    """Return the container's half of the restricted profile, and a read-only root file system."""
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }


def pod(
    account: str,
    containers: Sequence[Mapping[str, Any]],
    *,
    user: int = USER,
    init: Sequence[Mapping[str, Any]] = (),
    volumes: Sequence[Mapping[str, Any]] = (),
    token: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """Return a pod's spec; `token` mounts the account's token, which only a client of the API needs.

    Service links are off: `POSTGRES_PORT=tcp://…` in the environment crashes programs that read it.
    """
    spec = {
        "automountServiceAccountToken": token,
        "containers": list(containers),
        "enableServiceLinks": False,
        "initContainers": list(init),
        "securityContext": {
            "fsGroup": user,
            "fsGroupChangePolicy": "OnRootMismatch",
            "runAsGroup": user,
            "runAsNonRoot": True,
            "runAsUser": user,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "serviceAccountName": account,
        "volumes": list(volumes),
        **more,
    }
    return {key: value for key, value in sorted(spec.items()) if value not in ([], None)}


def hook_job(
    stack: Stack, name: str, component: str, wave: Wave, spec: Mapping[str, Any], *, of: str, deadline: int
) -> Manifest:
    """Return a Job that Argo CD runs in every sync; `deadline` is in seconds and covers its retries."""
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(stack, name, component, wave, of=of, annotations=HOOK),
        "spec": {
            "activeDeadlineSeconds": deadline,
            "backoffLimit": 3,
            "template": {
                "metadata": {"labels": labels(stack, of, component)},
                "spec": dict(sorted({**spec, "restartPolicy": "Never"}.items())),
            },
        },
    }


def service_account(
    stack: Stack, name: str, component: str, *, of: str | None = None, token: bool = False
) -> Manifest:
    """Return a ServiceAccount; `token` gives every pod of it a token, for pods that are not ours to write."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata(stack, name, component, Wave.GROUND, of=of),
        "automountServiceAccountToken": token,
    }


def ca_volume(secret: str) -> dict[str, Any]:
    """Return the volume with the database's CA certificate alone: the Secret also holds the CA's key."""
    return {
        "name": "database-ca",
        "secret": {"secretName": secret, "items": [{"key": "ca.crt", "path": "ca.crt"}]},
    }


CA_FOLDER = "/etc/database-ca"
CA_MOUNT = {"name": "database-ca", "mountPath": CA_FOLDER, "readOnly": True}


def from_secret(name: str, secret: str, key: str) -> dict[str, Any]:
    """Return an environment variable that takes its value from a Secret."""
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def verifies(database: Database) -> bool:
    """Say whether clients verify the server's certificate, and so need its CA."""
    return database.external is None or database.external.tls != "require"


def tls_environment(database: Database) -> list[dict[str, str]]:
    """Return libpq's settings for TLS; asyncpg and lib/pq read them too, and asyncpg not from a URL."""
    mode = {"name": "PGSSLMODE", "value": database.external.tls if database.external else "verify-full"}
    if not verifies(database):
        return [mode]
    return [mode, {"name": "PGSSLROOTCERT", "value": f"{CA_FOLDER}/ca.crt"}]
