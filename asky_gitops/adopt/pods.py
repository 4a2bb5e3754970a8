"""What a pod template says, in the spec's words: ports, environment, probes, resources, volumes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from asky_gitops.adopt.values import looks_secret

DATABASE = re.compile(r"(^|/)(postgres|postgresql|postgis|timescaledb(-ha)?|pgvector)(:|@|$)")
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicationController")
ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(slots=True)
class Variable:
    """One variable of a container's environment."""

    name: str
    value: str | None = None
    secret: tuple[str, str] | None = None
    """Secret and key the value is read from."""
    field: dict[str, Any] | None = None
    """Any other `valueFrom`."""
    inline: bool = False
    """A literal that looks like a secret: where it stands is no place for it."""


@dataclass(slots=True)
class Sources:
    """The ConfigMaps' data and the Secrets' keys, by name."""

    configs: Mapping[str, Mapping[str, str]]
    secrets: Mapping[str, tuple[str, ...]]
    used: set[str] = field(default_factory=set)
    """`ConfigMap/name` and `Secret/name` that something reads."""


@dataclass(slots=True)
class Surroundings:
    """What a workload finds around it, by the names that its author used."""

    names: Mapping[str, str]
    """Kubernetes Service to the service that stands behind it."""
    ports: Mapping[str, int]
    """Service to its port."""
    database_hosts: frozenset[str]
    database_secrets: frozenset[str]
    database_name: str
    sources: Sources
    places: Mapping[tuple[str, str], dict[str, Any]]
    """(Secret, key) to where its value comes from, in the spec's words."""


def template(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pod template of a workload's spec; of a kind that has none, an empty one."""
    found = spec.get("template")
    return found if isinstance(found, dict) else {}


def containers(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the containers of a workload's spec."""
    pod = template(spec).get("spec")
    every = pod.get("containers") if isinstance(pod, dict) else None
    return [one for one in every if isinstance(one, dict)] if isinstance(every, list) else []


def is_database(spec: Mapping[str, Any]) -> bool:
    """Tell a workload that runs PostgreSQL by its image."""
    return any(DATABASE.search(str(one.get("image", ""))) for one in containers(spec))


def main(spec: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the container that the workload is for: the one of its name, else the first."""
    every = containers(spec)
    return next((one for one in every if one.get("name") == name), every[0])


def environment(container: Mapping[str, Any], sources: Sources) -> Iterator[Variable]:
    """Yield the variables of a container, those of whole ConfigMaps and Secrets one by one."""
    for whole in container.get("envFrom") or []:
        prefix = str(whole.get("prefix") or "")
        if whole.get("configMapRef"):
            name = whole["configMapRef"]["name"]
            sources.used.add(f"ConfigMap/{name}")
            yield from (
                literal(f"{prefix}{key}", value) for key, value in sources.configs.get(name, {}).items()
            )
        if whole.get("secretRef"):
            name = whole["secretRef"]["name"]
            sources.used.add(f"Secret/{name}")
            yield from (
                Variable(f"{prefix}{key}", secret=(name, key)) for key in sources.secrets.get(name, ())
            )
    for one in container.get("env") or []:
        yield variable(one, sources)


def variable(one: Mapping[str, Any], sources: Sources) -> Variable:
    """Return one entry of `env`."""
    name, come_from = str(one["name"]), one.get("valueFrom") or {}
    if come_from.get("secretKeyRef"):
        reference = come_from["secretKeyRef"]
        sources.used.add(f"Secret/{reference['name']}")
        return Variable(name, secret=(str(reference["name"]), str(reference["key"])))
    if come_from.get("configMapKeyRef"):
        reference = come_from["configMapKeyRef"]
        sources.used.add(f"ConfigMap/{reference['name']}")
        return literal(name, sources.configs.get(reference["name"], {}).get(reference["key"], ""))
    if come_from:
        return Variable(name, field=dict(come_from))
    return literal(name, "" if one.get("value") is None else str(one["value"]))


def literal(name: str, value: str) -> Variable:
    """Return a variable with a value that stands in the manifest."""
    return Variable(name, value=value, inline=looks_secret(name, value))


def ports(container: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return the TCP ports of a container as (name, number), the one that is probably HTTP first."""
    found = [
        (str(one.get("name") or ""), int(one["containerPort"]))
        for one in container.get("ports") or []
        if one.get("protocol", "TCP") == "TCP"
    ]
    return sorted(found, key=lambda one: "http" not in one[0])


def probes(container: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the spec's probes; None where no probe asks for a path."""
    made: dict[str, Any] = {}
    for kind in ("startup", "readiness", "liveness"):
        said = container.get(f"{kind}Probe") or {}
        path = (said.get("httpGet") or {}).get("path")
        if path and kind != "liveness":
            made.setdefault("path", path)
        pairs = (("period", "periodSeconds"), ("timeout", "timeoutSeconds"), ("failures", "failureThreshold"))
        part = {ours: said[theirs] for ours, theirs in pairs if theirs in said}
        if path and (kind == "liveness" or path != made["path"]):
            part["path"] = path
        if part:
            made[kind] = part
    if "path" not in made and (path := (made.get("liveness") or {}).get("path")):
        made["path"] = path
    return made if "path" in made else None


def resources(container: Mapping[str, Any]) -> dict[str, str]:
    """Return requests and limits; a missing request is its limit, as Kubernetes has it."""
    said = container.get("resources") or {}
    requests, limits = said.get("requests") or {}, said.get("limits") or {}
    found = {
        "cpu": requests.get("cpu", limits.get("cpu")),
        "memory": requests.get("memory", limits.get("memory")),
        "cpuLimit": limits.get("cpu"),
        "memoryLimit": limits.get("memory"),
    }
    return {key: str(value) for key, value in found.items() if value is not None}


def shutdown(spec: Mapping[str, Any], container: Mapping[str, Any]) -> dict[str, int]:
    """Return how a pod stops, where its author said it."""
    sleep = ((container.get("lifecycle") or {}).get("preStop") or {}).get("sleep") or {}
    grace = (template(spec).get("spec") or {}).get("terminationGracePeriodSeconds")
    found = {"drain": sleep.get("seconds"), "grace": grace}
    return {key: int(value) for key, value in found.items() if value} if sleep else {}
