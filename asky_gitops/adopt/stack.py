"""The whole of what was found becomes one stack: its spec, its SQL, the user's own files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from asky_gitops.adopt import custom, database, edges, service
from asky_gitops.adopt.found import Found, Log, objects, slug
from asky_gitops.adopt.pods import WORKLOADS, Sources, Surroundings
from asky_gitops.model.manifest import Manifest

MANAGED = "app.kubernetes.io/managed-by"
REPLACED = {
    "Namespace": "every overlay makes its own",
    "ServiceAccount": "every service has its own",
    "PodDisruptionBudget": "every service with two replicas has one",
    "PersistentVolume": "the storage class makes volumes",
    "PersistentVolumeClaim": "nothing mounts it: the database's volume is its own",
    "Pod": "nothing would start it again",
    "ReplicaSet": "a Deployment makes it",
    "EndpointSlice": "a Service makes it",
    "Endpoints": "a Service makes it",
    "Event": "is no configuration",
}
"""Kinds that the generated tree has in its own way, or that nobody writes down."""


@dataclass(slots=True)
class Stack:
    """What is to be written."""

    spec: dict[str, Any]
    sql: dict[str, str]
    custom: dict[str, list[Manifest]] = field(default_factory=dict)
    """File below `custom/` to its objects."""
    patches: dict[str, Manifest] = field(default_factory=dict)


def adopt(documents: Iterable[tuple[str, Any]], name: str, log: Log) -> Stack:
    """Return the stack that (file, document) pairs describe, named `name` where they name no namespace."""
    every = objects(documents, log)
    spaces = sorted({one.namespace for one in every if one.namespace not in ("", "default")})
    stack = slug(spaces[0] if len(spaces) == 1 else name, 40)
    sources = Sources(configs(every), {one.name: secret_keys(one) for one in every if one.kind == "Secret"})
    found = database.adopt(every, sources, stack, log)
    servers = [one for one in every if database.is_server(one)]
    workloads = [one for one in every if one.kind in WORKLOADS and one not in servers]
    durable = [one for one in workloads if one.spec.get("volumeClaimTemplates")]
    workloads = [one for one in workloads if one not in durable]
    names = edges.names(workloads, [one for one in every if one.kind == "Service"])
    around = Surroundings(
        names={kube: names[id(one)] for one in workloads for kube in edges.services_of(one, every)},
        ports={names[id(one)]: edges.port_of(one) for one in workloads},
        database_hosts=frozenset(found.hosts),
        database_secrets=frozenset(found.secrets),
        database_name=found.name,
        sources=sources,
    )
    made = Stack(head(stack, spaces, found), found.sql)
    services = made.spec["services"]
    for one in workloads:
        adopted = service.adopt(one, names[id(one)], around, log)
        services[adopted.name] = adopted.data
        log.add("taken", one, f"services.{adopted.name}")
        if adopted.patch:
            made.patches[f"{adopted.name}.yaml"] = adopted.patch
    users = [each for each, data in services.items() if data.get("database")]
    made.sql |= database.shared(found.converted, users)
    if any(path.startswith("sql/seeds/") for path in made.sql):
        made.spec["overlays"]["minikube"]["seeds"] = True
    placed = {id(one) for one in [*workloads, *servers]}
    edges.adopt(every, {id(one): names[id(one)] for one in workloads}, around, made.spec, log)
    placed |= edges.jobs(every, services, around, log)
    for one in every:
        if id(one) not in placed and one.kind not in edges.KINDS:
            leftover(one, sources, found, made, log)
    return made


def head(stack: str, spaces: list[str], found: database.Adopted) -> dict[str, Any]:
    """Return the spec but for its services."""
    return {
        "apiVersion": "asky-gitops.dev/v1alpha1",
        "kind": "Stack",
        "metadata": {"name": stack, **({"namespace": spaces[0]} if len(spaces) == 1 else {})},
        "source": {"repoURL": f"https://git.example.org/{stack}/deploy.git"},
        "services": {},
        **({"database": found.data} if found.data is not None else {}),
        "overlays": {"minikube": {"platform": "minikube", "profile": "dev"}},
    }


def configs(every: Iterable[Found]) -> dict[str, Mapping[str, str]]:
    """Return the data of the ConfigMaps by name."""
    return {
        one.name: {str(key): str(value) for key, value in (one.manifest.get("data") or {}).items()}
        for one in every
        if one.kind == "ConfigMap"
    }


def secret_keys(one: Found) -> tuple[str, ...]:
    """Return the keys of a Secret; its values are not looked at."""
    return tuple(str(key) for part in ("data", "stringData") for key in one.manifest.get(part) or {})


def leftover(one: Found, sources: Sources, found: database.Adopted, made: Stack, log: Log) -> None:
    """Say what becomes of an object that is no part of a service: taken elsewhere, replaced, or kept."""
    reads = f"{one.kind}/{one.name}"
    namespace = str(made.spec["metadata"].get("namespace", made.spec["metadata"]["name"]))
    if one.kind == "Secret":
        keys = ", ".join(secret_keys(one)) or "nothing"
        where = (
            "database"
            if one.name in found.secrets
            else "services that read it"
            if reads in sources.used
            else ""
        )
        tail = (
            f"the {where} name them, the values go nowhere"
            if where
            else "nothing reads it; its values go nowhere"
        )
        log.add("changed" if where else "left over", one, f"keys {keys}: {tail}")
    elif reads in found.used:
        log.add("taken", one, "sql/: run by dbmate, once each")
    elif one.kind == "ConfigMap" and reads in sources.used:
        log.add("taken", one, "env or config of the services that read it")
    elif one.kind in REPLACED:
        log.add("left over", one, REPLACED[one.kind])
    elif (one.manifest["metadata"].get("labels") or {}).get(MANAGED) == "asky-gitops":
        log.add("left over", one, "generate writes it")
    else:
        file = f"{slug(one.kind)}-{slug(one.name)}.yaml"
        made.custom[file] = [custom.hardened(one.manifest, namespace)]
        log.add("changed", one, f"the spec has no word for it: custom/{file}, without its namespace")
