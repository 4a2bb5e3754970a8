"""The whole of what was found becomes one stack: its spec, its SQL, the user's own files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from asky_gitops.adopt import (
    custom,
    database,
    edges,
    jobs,
    monitors,
    operated,
    overlay,
    remote,
    service,
)
from asky_gitops.adopt.found import Found, Log, objects, slug
from asky_gitops.adopt.pods import WORKLOADS, Sources, Surroundings, containers, main, resources
from asky_gitops.adopt.scene import Scene, is_own
from asky_gitops.model.manifest import Manifest

PART_OF = "app.kubernetes.io/part-of"
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
    "StorageClass": "it is the cluster's, not the stack's",
    "SecretStore": "the overlay makes its own for AWS Secrets Manager",
    "ClusterSecretStore": "the overlay makes a SecretStore of its own for AWS Secrets Manager",
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


def adopt(documents: Iterable[tuple[str, Any]], name: str, log: Log, served: str | None = None) -> Stack:
    """Return the stack that (file, document) pairs describe, named `name` where they name no namespace.

    `served` is the database that a spec has already: the services log in to that one.
    """
    every = objects(documents, log)
    exporters = [one for one in every if monitors.is_exporter(one)]
    servers = [one for one in every if database.is_server(one)]
    workloads = [one for one in every if is_service(one) and one not in servers and one not in exporters]
    spaces = sorted({one.namespace for one in [*workloads, *servers]} - {"", "default"})
    stack = own_name(every) or slug(spaces[0] if len(spaces) == 1 else name, 40)
    sources = Sources(configs(every), {one.name: secret_keys(one) for one in every if one.kind == "Secret"})
    found = database.adopt(every, sources, stack, log)
    remotes = remote.adopt(every, log)
    names = edges.names(workloads, [one for one in every if one.kind == "Service"])
    around = surroundings(every, workloads, names, found, sources)
    around.places, around.database_name = remotes.places, served or found.name
    made = Stack(head(stack, spaces, found, overlay.platform(every)), found.sql)
    scene = Scene(every, names, around, made.spec, log)
    for one in workloads:
        adopted = service.adopt(one, names[id(one)], around, log)
        scene.services[adopted.name] = adopted.data
        log.add("taken", one, f"services.{adopted.name}")
        if patch := adopted.patch():
            made.patches[f"{adopted.name}.yaml"] = patch
    for one in exporters:
        made.spec["monitoring"] = {"nodeExporter": True}
        log.add("taken", one, "monitoring.nodeExporter, in a namespace of its own")
    users = [each for each, data in scene.services.items() if data.get("database")]
    made.sql |= database.shared(found.converted, users)
    edges.adopt(scene)
    placed = {id(one) for one in [*workloads, *servers, *exporters]}
    placed |= overlay.adopt(scene, remotes, servers) | jobs.adopt(scene)
    for one in every:
        if id(one) not in placed and one.kind not in edges.KINDS:
            leftover(one, scene, found, made)
    finish(made, cpu_limits(every, workloads))
    logins(scene, [*users, *([] if served or not users else ["migrations"])])
    return made


def surroundings(
    every: list[Found],
    workloads: list[Found],
    names: Mapping[int, str],
    found: database.Adopted,
    sources: Sources,
) -> Surroundings:
    """Return what every workload finds around it."""
    return Surroundings(
        names={kube: names[id(one)] for one in workloads for kube in edges.services_of(one, every)},
        ports={names[id(one)]: edges.port_of(one) for one in workloads},
        database_hosts=frozenset(found.hosts),
        database_secrets=frozenset(found.secrets),
        database_name=found.name,
        sources=sources,
        places={},
    )


def is_service(one: Found) -> bool:
    """Tell a workload that a service can be: one without volumes of its own."""
    return one.kind in WORKLOADS and not one.spec.get("volumeClaimTemplates")


def own_name(every: Iterable[Found]) -> str | None:
    """Return the name of the stack that `generate` wrote the objects for."""
    labels = (one.manifest["metadata"].get("labels") or {} for one in every if is_own(one))
    return next((str(one[PART_OF]) for one in labels if PART_OF in one), None)


def head(stack: str, spaces: list[str], found: database.Adopted, platform: str) -> dict[str, Any]:
    """Return the spec but for its services."""
    return {
        "apiVersion": "asky-gitops.dev/v1alpha1",
        "kind": "Stack",
        "metadata": {"name": stack, **({"namespace": spaces[0]} if len(spaces) == 1 else {})},
        "source": {
            "repoURL": f"https://git.example.org/{stack}/deploy.git",
            "targetRevision": "main",
        },
        "services": {},
        **({"database": found.data} if found.data is not None else {}),
        "overlays": {
            platform: {"platform": platform, **({"profile": "dev"} if platform == "minikube" else {})}
        },
    }


def finish(made: Stack, limits: str | None) -> None:
    """Add what the other files need of the overlay, and whether anybody limits cpu."""
    (data,) = made.spec["overlays"].values()
    if limits:
        made.spec["checks"] = {"cpuLimits": limits}
    if any(path.startswith("sql/seeds/") for path in made.sql):
        data["seeds"] = True
    kinds = {permitted(one) for every in made.custom.values() for one in every}
    if kinds:
        data["permits"] = sorted(kinds)


def cpu_limits(every: list[Found], workloads: list[Found]) -> str | None:
    """Return the setting that leaves services without a cpu limit as they are, where none has one.

    Where our own Jobs have none either, limits are forbidden.
    """
    sized = [found for one in workloads if (found := resources(main(one.spec, one.name)))]
    if not sized or any("cpuLimit" in one or "cpu" not in one for one in sized):
        return None
    jobs_of_ours = [one for one in every if one.kind == "Job" and is_own(one)]
    limited = ["cpuLimit" in resources(each) for one in jobs_of_ours for each in containers(one.spec)]
    return "forbid" if limited and not any(limited) else "optional"


def logins(scene: Scene, owners: list[str]) -> None:
    """Note the logins that nobody has a password for yet, where it comes from outside the cluster."""
    (overlay_data,) = scene.spec["overlays"].values()
    provider = overlay_data.get("secrets", {}).get("provider")
    for owner in owners if overlay_data["platform"] == "eks" and provider is None else []:
        if (f"{owner}-db", "password") not in scene.around.places:
            scene.log.secrets.append((f"{owner}-db", "password", "made anew"))


def permitted(one: Manifest) -> str:
    """Return a kind as the spec's `permits` has it."""
    group, slash, _ = str(one["apiVersion"]).rpartition("/")
    return f"{group}{slash}{one['kind']}"


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


def leftover(one: Found, scene: Scene, found: database.Adopted, made: Stack) -> None:
    """Say what becomes of an object that is no part of a service: taken elsewhere, replaced, or kept."""
    reads, log, used = f"{one.kind}/{one.name}", scene.log, scene.around.sources.used
    if one.kind == "Secret":
        of_secret(one, scene, found)
    elif one.kind == "ExternalSecret" and not is_own(one):
        of_external_secret(one, scene, found)
    elif reads in found.used:
        log.add("taken", one, "sql/: run by dbmate, once each")
    elif one.kind == "ConfigMap" and reads in used:
        log.add("taken", one, "env or config of the services that read it")
    elif one.kind in REPLACED:
        log.add("left over", one, REPLACED[one.kind])
    elif is_own(one):
        log.add("left over", one, "generate writes it")
    elif operated.is_part(one):
        log.add("left over", one, "the platform's own database has none")
    else:
        space = str(made.spec["metadata"].get("namespace", made.spec["metadata"]["name"]))
        file = f"{slug(one.kind)}-{slug(one.name)}.yaml"
        made.custom[file] = [custom.hardened(one.manifest, space)]
        log.add("changed", one, f"the spec has no word for it: custom/{file}, without its namespace")


def of_secret(one: Found, scene: Scene, found: database.Adopted) -> None:
    """Say where a Secret's keys are named; its values go nowhere."""
    keys = ", ".join(secret_keys(one)) or "nothing"
    where = "services that read it" if f"Secret/{one.name}" in scene.around.sources.used else ""
    where = "database" if one.name in found.secrets else where
    said = (
        f"the {where} name them, the values go nowhere"
        if where
        else "nothing reads it; its values go nowhere"
    )
    scene.log.add("changed" if where else "left over", one, f"keys {keys}: {said}")


def of_external_secret(one: Found, scene: Scene, found: database.Adopted) -> None:
    """Say what became of the names of values at a provider."""
    target = str((one.spec.get("target") or {}).get("name") or one.name)
    keys = [str(each["secretKey"]) for each in one.spec.get("data") or []]
    if target in found.secrets:
        scene.log.add("left over", one, "every service and the migrations have a login of their own")
    elif keys and f"Secret/{target}" in scene.around.sources.used:
        where = [f"{key} of {target}" for key in keys if (target, key) not in scene.around.places]
        said = f"; {', '.join(where)} is to be moved" if where else ""
        scene.log.add("taken", one, f"secrets of the services that read it{said}")
    elif keys:
        scene.log.add("left over", one, "nothing reads it")
