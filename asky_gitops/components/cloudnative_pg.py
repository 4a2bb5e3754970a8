"""PostgreSQL run by the CloudNativePG operator (1.30): a Cluster and the way to its primary."""

from typing import Any

from asky_gitops.components import names
from asky_gitops.components.database_access import COMPONENT, client_policy, client_rule
from asky_gitops.components.metadata import CUSTOM, KEEP, Wave, metadata
from asky_gitops.components.network import cidr, policy, tcp
from asky_gitops.components.pods import resources, service_account
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Overlay, Stack

OPERATOR_NAMESPACE = "cnpg-system"
STATUS_PORT = 8000
"""The instance manager's REST port: the operator and the other instances ask it."""
API_PORTS = (443, 6443)
"""Where API servers listen; a policy cannot select one by label."""


def overlay(stack: Stack, overlay: Overlay) -> list[Manifest]:
    """Return the database's objects; nothing where the overlay has no database.

    The account is ours, not the operator's own of the Cluster: a Cluster that is restored beside this one
    can then have the same, and with it the same rights in the cloud. Its pods need the token.
    """
    if overlay.database is None:
        return []
    return [
        service_account(stack, names.cluster(stack), COMPONENT, of=names.POSTGRES, token=True),
        cluster(stack, overlay, overlay.database),
        service(stack),
        *policies(stack),
    ]


def instances(stack: Stack) -> dict[str, str]:
    """Return the labels of every pod of the Cluster, its bootstrap Jobs' too."""
    return {"cnpg.io/cluster": names.cluster(stack)}


def cluster(stack: Stack, overlay: Overlay, database: Database) -> Manifest:
    """Return the Cluster; fields with a default inside a list are written out, or Argo CD sees a diff."""
    storage = {"size": database.storage}
    if database.storage_class:
        storage["storageClass"] = database.storage_class
    roles = managed_roles(stack)
    spec = {
        "affinity": affinity(overlay, database),
        "bootstrap": {"initdb": initdb(database)},
        "certificates": {"serverAltDNSNames": names.database_hosts(stack)},
        "enablePDB": database.instances > 1,
        "enableSuperuserAccess": False,
        "imageName": names.image(stack, f"cloudnative-pg-{database.version}"),
        "instances": database.instances,
        **({"managed": {"roles": roles}} if roles else {}),
        "postgresql": postgresql(database),
        "primaryUpdateMethod": "switchover" if database.instances > 1 else "restart",
        "primaryUpdateStrategy": "unsupervised",
        "resources": resources(stack, database.resources),
        "serviceAccountName": names.cluster(stack),
        "storage": storage,
    }
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": metadata(
            stack,
            names.cluster(stack),
            COMPONENT,
            Wave.DATABASE,
            of=names.POSTGRES,
            options=(*KEEP, CUSTOM),
        ),
        "spec": spec,
    }


def affinity(overlay: Overlay, database: Database) -> dict[str, Any]:
    """Return one instance a zone: as a condition only where there are zones enough for all."""
    zones = overlay.aws.zones if overlay.aws else 1
    required = zones >= 3 and database.instances <= zones
    return {
        "enablePodAntiAffinity": True,
        "podAntiAffinityType": "required" if required else "preferred",
        "topologyKey": "topology.kubernetes.io/zone",
    }


def initdb(database: Database) -> dict[str, Any]:
    """Return the first start: one database, owned by the role that runs the migrations."""
    return {
        "database": database.name,
        "owner": names.migrator(database),
        "secret": {"name": names.login_secret(names.MIGRATIONS)},
        "dataChecksums": True,
    }


def managed_roles(stack: Stack) -> list[dict[str, Any]]:
    """Return a login role a service; its rights come from the migrations."""
    return [
        {
            "name": names.role(service.name),
            "comment": f"login of the service {service.name}",
            "connectionLimit": -1,
            "ensure": "present",
            "inherit": True,
            "login": True,
            "passwordSecret": {"name": names.login_secret(service.name)},
        }
        for service in names.database_users(stack)
    ]


def postgresql(database: Database) -> dict[str, Any]:
    """Return the server's settings: TLS or nothing, an audit trail, one synchronous replica."""
    settings: dict[str, Any] = {
        "parameters": {
            "log_connections": "on",
            "log_disconnections": "on",
            "pgaudit.log": "ddl, role, write",
            "pgaudit.log_catalog": "off",
        },
        "pg_hba": ["hostssl all all all scram-sha-256", "hostnossl all all all reject"],
    }
    if database.instances > 1:
        settings["synchronous"] = {"dataDurability": "preferred", "method": "any", "number": 1}
    return settings


def service(stack: Stack) -> Manifest:
    """Return the Service `postgres` in front of the primary: one host name in every overlay."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(stack, names.POSTGRES, COMPONENT, Wave.DATABASE),
        "spec": {
            "ports": [
                {
                    "name": names.POSTGRES,
                    "port": names.POSTGRES_PORT,
                    "protocol": "TCP",
                    "targetPort": names.POSTGRES_PORT,
                }
            ],
            "selector": {**instances(stack), "cnpg.io/instanceRole": "primary"},
            "type": "ClusterIP",
        },
    }


def policies(stack: Stack) -> list[Manifest]:
    """Return what the operator, the instances and the clients need of each other."""
    own = {"podSelector": {"matchLabels": instances(stack)}}
    both = tcp(names.POSTGRES_PORT, STATUS_PORT)
    operator = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": OPERATOR_NAMESPACE}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "cloudnative-pg"}},
    }
    return [
        policy(
            stack,
            names.POSTGRES,
            COMPONENT,
            {"matchLabels": instances(stack)},
            ingress=[client_rule(stack), {"from": [operator, own], "ports": both}],
            egress=[
                {"to": [own], "ports": both},
                {"to": [cidr("0.0.0.0/0")], "ports": tcp(*API_PORTS)},
            ],
        ),
        client_policy(stack, instances(stack)),
    ]
