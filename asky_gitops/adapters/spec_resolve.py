"""Merged plain data to the model: every field final, derived defaults filled in.

The data was judged layer by layer before (spec_decode), so nothing here can be of a wrong type.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from asky_gitops.adapters import spec_quantity as quantity
from asky_gitops.adapters.spec_keys import spelled
from asky_gitops.adapters.spec_merge import Data, merge
from asky_gitops.model import database as parts
from asky_gitops.model import stack, workload
from asky_gitops.model.defaults import DEFAULTS
from asky_gitops.model.defaults import section as defaults

Type = TypeVar("Type")


def built(data: Mapping[str, Any], cls: type[Type], **parts: Any) -> Type:
    """Return a dataclass of the model; a field that nothing sets is None, `parts` are built already."""
    values: dict[str, Any] = {}
    for one in dataclasses.fields(cls):  # type: ignore[arg-type]
        value = data.get(spelled(one.name))
        values[one.name] = tuple(value) if isinstance(value, list) else value
    return cls(**{**values, **parts})


def part(data: Data | None, cls: type[Type]) -> Type | None:
    """Return a part that may be absent."""
    return None if data is None else built(data, cls)


def merged(default: Data, said: Data) -> Data:
    """Lay what the spec says over a default."""
    return merge(default, [said])


def resources(data: Data, section: str, cpu_limits: str) -> stack.Resources:
    """Return canonical requests and limits; a limit that nothing sets follows from its request.

    The cpu limit is the default's or the request, whichever is more, and none where the rules do not require
    one; the memory limit equals the request, so that a pod is never killed for memory it was promised.
    """
    said = {key: quantity.canonical(str(value)) for key, value in data.items()}
    if "cpuLimit" not in said and cpu_limits == "require":
        usual = str(DEFAULTS[f"{section}.resources.cpuLimit"].value)
        said["cpuLimit"] = max(usual, said["cpu"], key=quantity.amount)
    return built({"memoryLimit": said["memory"], **said}, stack.Resources)


def service(data: Data, cpu_limits: str) -> stack.Service:
    """Return one service."""
    name = str(data["name"])
    database = data["database"]
    return built(
        data,
        stack.Service,
        resources=resources(data["resources"], "service", cpu_limits),
        probes=probes(data["probes"]),
        shutdown=built(data["shutdown"], workload.Shutdown),
        volumes={key: volume(value) for key, value in data["volumes"].items()},
        metrics=part(data["metrics"] and {"port": data.get("port"), **data["metrics"]}, workload.Metrics),
        jobs={key: job(value, data, cpu_limits) for key, value in data["jobs"].items()},
        public=part(data["public"], stack.Public),
        autoscale=part(data["autoscale"], stack.Autoscale),
        database=None
        if database is None
        else built(
            {"schema": identifier(name), **defaults("serviceDatabase"), **database}, stack.ServiceDatabase
        ),
        secrets={key: built(value, stack.Secret) for key, value in data["secrets"].items()},
        egress=egress(data["egress"]),
    )


def egress(said: list[Data]) -> tuple[stack.Egress, ...]:
    """Return destinations outside the stack."""
    return tuple(built(value, stack.Egress) for value in said)


def probes(data: Data) -> workload.Probes:
    """Return the three probes; liveness asks for a connection only, unless it is given a path."""
    path = {"path": data["path"]}
    return workload.Probes(
        startup=built({**path, **data["startup"]}, workload.Probe),
        readiness=built({**path, **data["readiness"]}, workload.Probe),
        liveness=built(data["liveness"], workload.Probe),
    )


def volume(data: Data) -> workload.Volume:
    """Return one volume, its size canonical; a missing path is complained of elsewhere."""
    found = merge(defaults("volume"), [data])
    return built({"path": "", **found, "size": quantity.canonical(str(found["size"]))}, workload.Volume)


def job(data: Data, of: Data, cpu_limits: str) -> stack.Job:
    """Return one job; what it does not say of its pod is as its service `of` has it."""
    inherited = {key: of.get(key) for key in ("image", "calls", "egress")}
    found = merge({"schedule": "", **inherited, **defaults("job")}, [data])
    wanted = merge(of["resources"], [data.get("resources") or {}])
    return built(
        found,
        stack.Job,
        resources=resources(wanted, "service", cpu_limits),
        egress=egress(found["egress"]),
        history=built(found["history"], workload.History),
    )


def identifier(name: str) -> str:
    """Return a name as PostgreSQL takes it without quotes."""
    return name.replace("-", "_")


def database(data: Data, cpu_limits: str) -> stack.Database:
    """Return the database of one view."""
    return built(
        data,
        stack.Database,
        resources=resources(data["resources"], "database", cpu_limits),
        storage=quantity.canonical(str(data["storage"])),
        wal=None if data.get("wal") is None else quantity.canonical(str(data["wal"])),
        pooler=over_defaults("pooler", data, parts.Pooler),
        backup=over_defaults("backup", data, parts.Backup),
        external=over_defaults("external", data, parts.External),
        restore=over_defaults("restore", data, parts.Restore),
    )


def over_defaults(section: str, data: Data, cls: type[Type]) -> Type | None:
    """Return a part of the database that has defaults only where it is said."""
    said = data.get(section)
    return None if said is None else built(merge(defaults(section), [said]), cls)


def secrets(data: Data, stack_name: str, overlay: str) -> stack.OverlaySecrets:
    """Return where an overlay's secrets come from."""
    return built({"prefix": f"{stack_name}/{overlay}", **data}, stack.OverlaySecrets)


def ingress(data: Data) -> stack.Ingress:
    """Return how public services are reached."""
    issuer, oidc = data.get("issuer"), data.get("oidc")
    return built(
        data,
        stack.Ingress,
        issuer=part(issuer and {**defaults("issuer"), **issuer}, stack.Issuer),
        oidc=part(oidc and {**defaults("oidc"), **oidc}, stack.Oidc),
    )


def aws(data: Data | None) -> stack.Aws | None:
    """Return an overlay's AWS account, if it has one."""
    return None if data is None else built(merge({"albCidrs": [], **defaults("aws")}, [data]), stack.Aws)
