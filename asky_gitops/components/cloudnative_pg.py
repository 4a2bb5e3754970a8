"""PostgreSQL run by CloudNativePG (1.30): the Cluster that serves, and one that is restored beside it."""

from typing import Any

from asky_gitops.components import (
    backups,
    database_monitoring,
    database_services,
    names,
    poolers,
    postgres_settings,
)
from asky_gitops.components.cloudnative_pg_network import policies
from asky_gitops.components.database_access import COMPONENT
from asky_gitops.components.metadata import CUSTOM, KEEP, Wave, metadata
from asky_gitops.components.pods import resources, service_account
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Database, Overlay, Stack

HIBERNATION = {"cnpg.io/hibernation": "on"}
"""No pods, no writes, the volumes stay (CloudNativePG, "Declarative hibernation")."""


def overlay(stack: Stack, overlay: Overlay) -> list[Manifest]:
    """Return the database's objects; nothing where the overlay has no database.

    The account is ours, not the operator's own of the Cluster: a Cluster that is restored beside this one
    can then have the same, and with it the same rights in the cloud. Its pods need the token.
    """
    database = overlay.database
    if database is None:
        return []
    return [
        account(stack, database),
        *clusters(stack, overlay, database),
        *database_services.operated(stack, database),
        *poolers.overlay(stack, database),
        *backups.overlay(stack, overlay, database),
        *policies(stack, database),
        *database_monitoring.overlay(stack, database),
    ]


def account(stack: Stack, database: Database) -> Manifest:
    """Return the account of the instances, with the role for IRSA where there is no Pod Identity."""
    made = service_account(stack, names.database_account(stack), COMPONENT, of=names.POSTGRES, token=True)
    if database.backup and database.backup.role_arn:
        notes = {**made["metadata"]["annotations"], "eks.amazonaws.com/role-arn": database.backup.role_arn}
        made["metadata"]["annotations"] = dict(sorted(notes.items()))
    return made


def clusters(stack: Stack, overlay: Overlay, database: Database) -> list[Manifest]:
    """Return the Cluster that serves, and beside it the other generation of a restore.

    The other one comes last: a restore may take hours, and nothing of the stack is to wait for it.
    """
    restore = database.restore
    made = [cluster(stack, overlay, database, names.serving(database))]
    if restore and restore.stage == "beside":
        made.append(cluster(stack, overlay, database, database.generation, Wave.EDGE))
    if restore and restore.stage == "cut-over":
        asleep = cluster(stack, overlay, database, restore.origin, Wave.EDGE)
        asleep["metadata"]["annotations"] = dict(
            sorted({**asleep["metadata"]["annotations"], **HIBERNATION}.items())
        )
        made.append(asleep)
    return made


def cluster(
    stack: Stack, overlay: Overlay, database: Database, generation: int, wave: Wave = Wave.DATABASE
) -> Manifest:
    """Return the Cluster; fields with a default inside a list are written out, or Argo CD sees a diff."""
    name = names.generation(stack, generation)
    roles = managed_roles(stack)
    plugins = backups.plugins(stack, database, name)
    sources = backups.sources(stack, database, generation)
    spec = {
        "affinity": affinity(overlay, database),
        "bootstrap": backups.recovery(stack, database) if sources else {"initdb": initdb(database)},
        "certificates": {"serverAltDNSNames": names.database_hosts(stack)},
        "enablePDB": database.instances > 1,
        "enableSuperuserAccess": False,
        **({"externalClusters": sources} if sources else {}),
        "imageName": names.image(stack, f"cloudnative-pg-{database.version}"),
        "instances": database.instances,
        **({"managed": {"roles": roles}} if roles else {}),
        **({"plugins": plugins} if plugins else {}),
        "postgresql": postgresql(database),
        "primaryUpdateMethod": "switchover" if database.instances > 1 else "restart",
        "primaryUpdateStrategy": "unsupervised",
        "resources": resources(stack, database.resources),
        "serviceAccountName": names.database_account(stack),
        "storage": volume(database, database.storage),
        **({"walStorage": volume(database, database.wal)} if database.wal else {}),
    }
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": metadata(stack, name, COMPONENT, wave, of=names.POSTGRES, options=(*KEEP, CUSTOM)),
        "spec": spec,
    }


def volume(database: Database, size: str) -> dict[str, str]:
    """Return a volume of every instance; without a storage class the cluster's default one serves."""
    return {"size": size, **({"storageClass": database.storage_class} if database.storage_class else {})}


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
    parameters = {
        "log_connections": "on",
        "log_disconnections": "on",
        "pgaudit.log": "ddl, role, write",
        "pgaudit.log_catalog": "off",
        **postgres_settings.memory(database),
    }
    settings: dict[str, Any] = {
        "parameters": dict(sorted(parameters.items())),
        "pg_hba": ["hostssl all all all scram-sha-256", "hostnossl all all all reject"],
    }
    if database.instances > 1:
        settings["synchronous"] = {"dataDurability": "preferred", "method": "any", "number": 1}
    return settings
