"""What must hold for the database in one overlay: what its platform has, and what fits together."""

import ipaddress

from asky_gitops.adapters.spec_decode import Complaints
from asky_gitops.adapters.spec_merge import Layers
from asky_gitops.adapters.spec_yaml import Steps
from asky_gitops.model.database import External
from asky_gitops.model.stack import Database, Overlay

SINGLE_SERVER = ("minikube",)
"""Platforms whose PostgreSQL is one server that no operator runs."""
OPERATED = ("wal", "pooler", "backup", "readReplicas", "generation", "restore")
"""Settings of CloudNativePG."""
OF_OUR_OWN = ("storage", "storageClass", "instances", "resources", *OPERATED)
"""Settings of a server that runs elsewhere, which we do not make."""
WIDEST = {4: 8, 6: 32}
"""Shortest prefix by IP version that can still be one organisation's network."""


def overlay(found: Overlay, layers: Layers, complaints: Complaints) -> None:
    """Judge the database of one overlay as it came out."""
    if found.database is None:
        return
    at = layers.database_layers(found.name)
    if found.database.external:
        elsewhere(found.name, found.database.external, layers, complaints)
    elif found.platform in SINGLE_SERVER:
        single(found, found.database, layers, complaints)
    else:
        operated(found.database, at, layers, complaints)


def single(found: Overlay, database: Database, layers: Layers, complaints: Complaints) -> None:
    """Refuse several servers that would not know each other, and what only an operator does."""
    at = layers.database_layers(found.name)
    if database.instances > 1:
        words = f"platform {found.platform} runs one PostgreSQL, not {database.instances}"
        reason = "a StatefulSet does not replicate data: every pod would have a database of its own"
        complaints.add(layers.find(at, "instances"), words, hint=reason)
    for key in OPERATED:
        steps = layers.find(at, key)
        if steps[-1] == key and layers.value(steps) is not None:
            hint = f"say it in the overlay that has CloudNativePG, or `{key}: null` in this one"
            complaints.add(steps, f"{key} means nothing on platform {found.platform}", hint=hint, key=True)


def elsewhere(name: str, external: External, layers: Layers, complaints: Complaints) -> None:
    """Refuse settings of a server that is not ours, and a way to it that is everybody's."""
    own: Steps = ("overlays", name, "database")
    for key in OF_OUR_OWN:
        if layers.value((*own, key)) is not None:
            complaints.add((*own, key), f"{key} means nothing for an external database", key=True)
    at = layers.find(layers.database_layers(name), "external")
    hosts = [external.host, *filter(None, [external.readonly_host])]
    if not external.cidrs and not all(is_address(host) for host in hosts):
        complaints.add(
            at,
            "external needs cidrs: a NetworkPolicy knows no names",
            hint="the networks in which the server's addresses are",
            key=True,
        )
    for index, cidr in enumerate(external.cidrs):
        network = ipaddress.ip_network(cidr)
        if network.prefixlen < WIDEST[network.version]:
            what = "wider than any network of one's own" if network.prefixlen else "the whole internet"
            hint = "name the networks of the database"
            complaints.add((*at, "cidrs", index), f"{cidr} is {what}", hint=hint)


def is_address(host: str) -> bool:
    """Say whether a host is an address."""
    return host.replace(".", "").isdigit()


def operated(database: Database, at: list[Steps], layers: Layers, complaints: Complaints) -> None:
    """Refuse reads from replicas there are none of, and a restore that has nothing to read."""
    if database.read_replicas and database.instances < 2:
        complaints.add(
            layers.find(at, "readReplicas"),
            f"readReplicas needs replicas, and instances is {database.instances}",
            key=True,
        )
    restore = database.restore
    if restore is None:
        return
    steps = layers.find(at, "restore")
    if database.backup is None:
        complaints.add(steps, "restore needs backup: where the archive is", key=True)
    if restore.origin >= database.generation:
        words = f"restore.from is {restore.origin} and generation {database.generation}"
        hint = "a restore makes a new Cluster: give generation the next number"
        complaints.add(layers.find(at, "restore", "from"), words, hint=hint)
