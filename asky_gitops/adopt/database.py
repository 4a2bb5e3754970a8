"""The PostgreSQL among the objects becomes the stack's database, its SQL migrations that dbmate runs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from asky_gitops.adopt import external, operated
from asky_gitops.adopt.found import Found, Log
from asky_gitops.adopt.pods import (
    DATABASE,
    Sources,
    containers,
    environment,
    is_database,
    resources,
    template,
)
from asky_gitops.adopt.scene import finds, is_own
from asky_gitops.adopt.values import withheld

MAJORS = (16, 17, 18)
"""Whose images asky.lock pins."""
HOSTS = ("host", "readonlyHost")
HEADER = "-- migrate:up\n"
NO_WAY_BACK = "\n-- migrate:down\n-- Written from what initialised the database: it has no way back.\n"
SERVERS_OWN = re.compile(
    r"(?im)^[ \t]*(CREATE (?:ROLE|USER|DATABASE)|ALTER (?:ROLE|USER)|\\c(?:onnect)?)\b[^;\n]*(?:;|$)\n?"
)
"""What the platform does: roles, databases and their passwords are never in a migration."""
NUMBERED = re.compile(r"\d{4}_[A-Za-z0-9_]+\.sql")


@dataclass(slots=True)
class Adopted:
    """The `database:` of the spec, the names by which others know it, and its SQL by path."""

    data: dict[str, Any] | None = None
    name: str = ""
    hosts: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)
    sql: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    converted: bool = False
    """Whether SQL was taken that was no migration."""


def adopt(every: Iterable[Found], sources: Sources, stack: str, log: Log) -> Adopted:
    """Return the database that the objects run, none where they run none."""
    every = list(every)
    made = Adopted(name=identifier(stack))
    servers = [one for one in every if is_server(one)]
    for server in servers:
        made.data = {**(made.data or {}), **of_server(server, every, sources, made, log)}
        made.hosts |= {one.name for one in every if one.kind == "Service" and selects(one, server, every)}
    if made.data is None and (elsewhere := external.adopt(every)):
        made.data = elsewhere
        made.hosts |= {elsewhere["external"][key] for key in HOSTS if key in elsewhere["external"]}
    if made.data is None:
        return made
    made.name = made.data["name"]
    for name, files in sources.configs.items():
        scripts = {file: text for file, text in files.items() if file.endswith(".sql")}
        if scripts:
            made.used.add(f"ConfigMap/{name}")
            folder = "seeds" if "seed" in name else "migrations"
            ready = all(is_migration(file, text) for file, text in scripts.items())
            made.converted |= folder == "migrations" and not ready
            made.sql.update(migrations(scripts, f"sql/{folder}", len(made.sql) + 2))
    made.converted |= not any(path.startswith("sql/migrations/") for path in made.sql)
    return made


def is_server(one: Found) -> bool:
    """Tell a workload of PostgreSQL, or a Cluster of CloudNativePG."""
    if operated.is_cluster(one):
        return True
    return one.kind in ("Deployment", "StatefulSet") and is_database(one.spec)


def selects(service: Found, server: Found, every: Iterable[Found]) -> bool:
    """Tell whether a Service leads to a server, or to what stands before it."""
    wanted = service.spec.get("selector") or {}
    return operated.selects(wanted, server, every) if operated.is_cluster(server) else finds(wanted, server)


def fronts(service: Found, every: list[Found]) -> bool:
    """Tell whether a Service leads to one of the servers."""
    return any(is_server(one) and selects(service, one, every) for one in every)


def of_server(server: Found, every: list[Found], sources: Sources, made: Adopted, log: Log) -> dict[str, Any]:
    """Return what one server says of the database."""
    if operated.is_cluster(server):
        made.hosts |= operated.hosts(server, every)
        made.secrets |= operated.secrets(server)
        found = operated.adopt(server, log)
        found["name"] = identifier(found["name"])
        return found | version(str(server.spec.get("imageName", "")), server, log)
    container = next(one for one in containers(server.spec) if DATABASE.search(str(one.get("image", ""))))
    said = {one.name: one for one in environment(container, sources)}
    made.secrets |= {one.secret[0] for one in said.values() if one.secret}
    name = said["POSTGRES_DB"].value if "POSTGRES_DB" in said else None
    data: dict[str, Any] = {"name": identifier(name or made.name)}
    data |= version(str(container["image"]), server, log)
    if size := storage(server, every, container, log):
        data["storage"] = size
    if said_size := resources(container):
        data["resources"] = said_size
    for each in server.spec.get("volumeClaimTemplates") or [] if is_own(server) else []:
        data |= {"storageClass": name} if (name := each["spec"].get("storageClassName")) else {}
    log.add("taken", server, "database: the platform's own PostgreSQL, its password made in the cluster")
    return data


def version(image: str, server: Found, log: Log) -> dict[str, int]:
    """Return the major version that an image's tag says, or the nearest one that there is."""
    tag = re.search(r":(\d+)", image)
    if tag is None:
        return {}
    nearest = min(MAJORS, key=lambda major: abs(major - int(tag[1])))
    if nearest != int(tag[1]):
        log.add("changed", server, f"PostgreSQL {tag[1]} becomes {nearest}: dump and restore the data")
    return {"version": nearest}


def storage(server: Found, every: list[Found], container: Mapping[str, Any], log: Log) -> str | None:
    """Return the size of the volume that holds the data."""
    claims = {one.name: one for one in every if one.kind == "PersistentVolumeClaim"}
    for each in server.spec.get("volumeClaimTemplates") or []:
        return str(each["spec"]["resources"]["requests"]["storage"])
    for volume in (template(server.spec).get("spec") or {}).get("volumes") or []:
        name = (volume.get("persistentVolumeClaim") or {}).get("claimName")
        mounted = any(mount["name"] == volume["name"] for mount in container.get("volumeMounts") or [])
        if name in claims and mounted:
            return str(claims[name].spec["resources"]["requests"]["storage"])
    log.add("changed", server, "kept its data in no volume: it has one now")
    return None


def migrations(scripts: Mapping[str, str], folder: str, start: int) -> dict[str, str]:
    """Return SQL files as dbmate takes them; what is none of its own gets a way up and no way down.

    Numbers start behind the migration of `shared`.
    """
    made = {}
    for number, (name, text) in enumerate(sorted(scripts.items()), start):
        is_seed = folder.endswith("seeds")
        if is_migration(name, text) or (is_seed and NUMBERED.fullmatch(name)):
            made[f"{folder}/{name}"] = text
            continue
        what = re.sub(r"[^a-z0-9]+", "_", re.sub(r"^\d+", "", name.removesuffix(".sql")).lower()).strip("_")
        body = withheld(SERVERS_OWN.sub(r"-- left out: \1\n", text)).rstrip("\n") + "\n"
        file = f"{folder}/{number:04}_{what or 'init'}.sql"
        made[file] = body if is_seed else f"{HEADER}{body}{NO_WAY_BACK}"
    return made


def is_migration(name: str, text: str) -> bool:
    """Tell a file that dbmate takes as it is."""
    return "-- migrate:up" in text and NUMBERED.fullmatch(name) is not None


def shared(converted: bool, users: Iterable[str]) -> dict[str, str]:
    """Return the migration before all others: a schema for each service, and rights on what they share.

    What initialised a database knew one login for all; its tables stay everybody's until they are parted.
    """
    roles = sorted(identifier(user.replace("-", "_")) for user in users)
    if not converted:
        return {}
    lines = [
        f"CREATE SCHEMA IF NOT EXISTS {role};\nGRANT USAGE ON SCHEMA {role} TO {role};" for role in roles
    ]
    rights = ("USAGE ON SCHEMAS", "SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES")
    if roles:
        every = ", ".join(roles)
        lines.append("-- What comes later belongs to all of them, as it did; part it by later migrations.")
        lines += [f"ALTER DEFAULT PRIVILEGES GRANT {right} TO {every};" for right in rights]
    up = "\n".join(lines or ["SELECT 1;"])
    down = "\n".join([f"DROP SCHEMA {role};" for role in reversed(roles)] or ["SELECT 1;"])
    return {"sql/migrations/0001_schemas.sql": f"{HEADER}{up}\n\n-- migrate:down\n{down}\n"}


def identifier(name: str) -> str:
    """Return a name as PostgreSQL takes it without quotes."""
    made = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    return made if made[:1].isalpha() or made[:1] == "_" else f"db_{made}"
