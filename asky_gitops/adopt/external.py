"""PostgreSQL that runs elsewhere, as our own output names it: in the Job that makes the login roles."""

from collections.abc import Iterable, Mapping
from typing import Any

from asky_gitops.adopt.found import Found
from asky_gitops.adopt.login import READONLY, url_of
from asky_gitops.adopt.pods import WORKLOADS, containers
from asky_gitops.adopt.scene import is_own

ROLES = "postgres-roles"


def adopt(every: list[Found]) -> dict[str, Any] | None:
    """Return the database on such a server in the spec's words; None where the objects name none."""
    job = next((one for one in every if one.kind == "Job" and one.name == ROLES and is_own(one)), None)
    if job is None:
        return None
    said = {str(one["name"]): one for one in variables(job)}
    host, reads = str(said["PGHOST"]["value"]), readonly_host(every)
    made: dict[str, Any] = {
        "host": host,
        "port": int(said["PGPORT"]["value"]),
        "tls": str(said["PGSSLMODE"]["value"]),
        "secret": str(said["PGUSER"]["valueFrom"]["secretKeyRef"]["name"]),
    }
    if reads and reads != host:
        made["readonlyHost"] = reads
    blocks = networks(every)
    if blocks != [f"{one}/32" for one in dict.fromkeys(filter(None, [host, reads]))]:
        made["cidrs"] = blocks
    return {"name": str(said["PGDATABASE"]["value"]), "external": made}


def readonly_host(every: Iterable[Found]) -> str | None:
    """Return where the services read."""
    for one in every:
        for variable in variables(one) if one.kind in WORKLOADS else []:
            found = url_of(str(variable.get("value") or "")) if variable["name"] == READONLY else None
            if found:
                return found[1]
    return None


def variables(one: Found) -> Iterable[Mapping[str, Any]]:
    """Yield the environment of a workload's containers."""
    for container in containers(one.spec):
        yield from container.get("env") or []


def networks(every: Iterable[Found]) -> list[str]:
    """Return the networks that the database's clients may connect to."""
    clients = [one for one in every if one.kind == "NetworkPolicy" and is_own(one, "database")]
    return [
        str(peer["ipBlock"]["cidr"])
        for one in clients
        for rule in one.spec.get("egress") or []
        for peer in rule.get("to") or []
        if peer.get("ipBlock")
    ]
