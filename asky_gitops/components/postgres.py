"""PostgreSQL as one StatefulSet, for clusters without a database operator."""

import hashlib
from typing import Any

from asky_gitops.components import database_services, names, roles
from asky_gitops.components.database_access import COMPONENT, client_policy, client_rule, own_selector
from asky_gitops.components.metadata import KEEP, Wave, labels, metadata
from asky_gitops.components.network import pods, policy
from asky_gitops.components.pods import service_account
from asky_gitops.components.postgres_pod import pod_spec
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Overlay, Stack

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
        *database_services.single(stack, own_selector(stack)),
        headless(stack),
        policy(
            stack,
            names.POSTGRES,
            COMPONENT,
            {"matchLabels": own_selector(stack)},
            ingress=[client_rule(stack, names.MIGRATIONS, roles.NAME)],
            egress=[],
        ),
        client_policy(stack, [pods(stack, names.POSTGRES)], roles.NAME),
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


def headless(stack: Stack) -> Manifest:
    """Return the Service that gives the StatefulSet's pod its own name."""
    name = f"{names.POSTGRES}-headless"
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(stack, name, COMPONENT, Wave.DATABASE, of=names.POSTGRES),
        "spec": {
            "clusterIP": "None",
            "ports": [
                {
                    "name": names.POSTGRES,
                    "port": names.POSTGRES_PORT,
                    "protocol": "TCP",
                    "targetPort": names.POSTGRES,
                }
            ],
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
