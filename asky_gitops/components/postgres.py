"""PostgreSQL as one StatefulSet, for clusters without a database operator."""

import hashlib
from typing import Any

from asky_gitops.components import names, roles
from asky_gitops.components.database_access import COMPONENT, client_policy, client_rule, own_selector
from asky_gitops.components.metadata import KEEP, Wave, labels, metadata
from asky_gitops.components.network import policy
from asky_gitops.components.pods import container_security, pod, resources, service_account
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Overlay, Stack

USER = 999
"""The postgres user of the Debian images (docker-library/postgres)."""
DATA = "/var/lib/postgresql"
CONFIG = "/etc/postgresql"
TLS = "/etc/postgresql-tls"
PASSWORD = "/run/secrets/superuser"
GRACE = 120
"""Seconds for a fast shutdown with its checkpoint before the kubelet kills."""

HBA = """\
# Connections over the network use TLS or are refused.
# TYPE   DATABASE  USER  ADDRESS  METHOD
local    all       all            scram-sha-256
hostssl  all       all   all      scram-sha-256
"""


def overlay(stack: Stack, overlay: Overlay) -> list[Manifest]:
    """Return the database's objects; nothing where the overlay has no database."""
    if overlay.database is None:
        return []
    return [
        service_account(stack, names.POSTGRES, COMPONENT),
        config_map(stack),
        stateful_set(stack, overlay.database),
        service(stack),
        headless(stack),
        policy(
            stack,
            names.POSTGRES,
            COMPONENT,
            {"matchLabels": own_selector(stack)},
            ingress=[client_rule(stack, roles.NAME)],
            egress=[],
        ),
        client_policy(stack, own_selector(stack), roles.NAME),
        roles.job(stack, overlay.database),
    ]


def config_map(stack: Stack) -> Manifest:
    """Return who may log in and how."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(stack, names.POSTGRES, COMPONENT, Wave.GROUND),
        "data": {"pg_hba.conf": HBA},
    }


def port() -> list[dict[str, Any]]:
    """Return the Services' port."""
    return [
        {
            "name": names.POSTGRES,
            "port": names.POSTGRES_PORT,
            "protocol": "TCP",
            "targetPort": names.POSTGRES,
        }
    ]


def service(stack: Stack) -> Manifest:
    """Return the Service that every client names."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(stack, names.POSTGRES, COMPONENT, Wave.DATABASE),
        "spec": {"ports": port(), "selector": own_selector(stack), "type": "ClusterIP"},
    }


def headless(stack: Stack) -> Manifest:
    """Return the Service that gives the StatefulSet's pod its own name."""
    name = f"{names.POSTGRES}-headless"
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(stack, name, COMPONENT, Wave.DATABASE, of=names.POSTGRES),
        "spec": {
            "clusterIP": "None",
            "ports": port(),
            "publishNotReadyAddresses": True,
            "selector": own_selector(stack),
            "type": "ClusterIP",
        },
    }


def stateful_set(stack: Stack, database: Database) -> Manifest:
    """Return the StatefulSet; its data outlives it, its file and its Application."""
    digest = hashlib.sha256(HBA.encode()).hexdigest()
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": metadata(stack, names.POSTGRES, COMPONENT, Wave.DATABASE, options=KEEP),
        "spec": {
            "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
            "podManagementPolicy": "OrderedReady",
            "replicas": 1,
            "revisionHistoryLimit": 5,
            "selector": {"matchLabels": own_selector(stack)},
            "serviceName": f"{names.POSTGRES}-headless",
            "template": {
                "metadata": {
                    "annotations": {"asky-gitops.dev/config-digest": f"sha256:{digest}"},
                    "labels": labels(stack, names.POSTGRES, COMPONENT),
                },
                "spec": pod_spec(stack, database),
            },
            "updateStrategy": {"type": "RollingUpdate"},
            "volumeClaimTemplates": [claim(stack, database)],
        },
    }


def claim(stack: Stack, database: Database) -> dict[str, Any]:
    """Return the claim template; without a storage class the cluster's default one serves."""
    spec: dict[str, Any] = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": database.storage}},
    }
    if database.storage_class:
        spec["storageClassName"] = database.storage_class
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "labels": own_selector(stack)},
        "spec": spec,
    }


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
        "args": [argument for name, value in settings().items() for argument in ("-c", f"{name}={value}")],
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


def settings() -> dict[str, str]:
    """Return the server's settings: TLS, and an audit trail as far as the official image has one."""
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
    }


def probe(database: Database, **timing: int) -> dict[str, Any]:
    """Return a probe over TCP: the server that runs while the data is made listens on a socket only."""
    command = ["pg_isready", "--host=127.0.0.1", "--username=postgres", f"--dbname={database.name}"]
    return {"exec": {"command": command}, "timeoutSeconds": 5, **timing}
