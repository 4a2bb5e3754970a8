"""PostgreSQL that runs elsewhere: the way out to it, and the Job that makes the login roles in it."""

from asky_gitops.components import names, roles
from asky_gitops.components.database_access import COMPONENT, client_policy
from asky_gitops.components.network import cidr
from asky_gitops.components.pods import service_account
from asky_gitops.model.database import External
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack


def overlay(stack: Stack, overlay: Overlay) -> list[Manifest]:
    """Return what the clients need; the server and its database are there already."""
    database = overlay.database
    if database is None or database.external is None:
        return []
    peers = [cidr(block) for block in networks(database.external)]
    return [
        service_account(stack, names.POSTGRES, COMPONENT),
        client_policy(stack, peers, roles.NAME),
        roles.job(stack, database),
    ]


def networks(external: External) -> list[str]:
    """Return the networks of the server: those that are named, or the addresses that stand for it."""
    hosts = dict.fromkeys(filter(None, [external.host, external.readonly_host]))
    return list(external.cidrs) or [f"{host}/32" for host in hosts]
