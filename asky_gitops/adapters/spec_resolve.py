"""Merged plain data to the model: every field final, derived defaults filled in."""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

from asky_gitops.adapters import spec_quantity as quantity
from asky_gitops.adapters.spec_decode import converter
from asky_gitops.adapters.spec_document import spelled
from asky_gitops.adapters.spec_merge import Data, merge
from asky_gitops.model import stack
from asky_gitops.model.defaults import DEFAULTS

Type = TypeVar("Type")


def built(data: Mapping[str, Any], cls: type[Type]) -> Type:
    """Return a dataclass of the model; an optional field that nothing sets is None."""
    names = {spelled(one.name) for one in dataclasses.fields(cls)}  # type: ignore[arg-type]
    return converter().structure({**dict.fromkeys(names), **data}, cls)


def merged(default: Data, said: Data) -> Data:
    """Lay what the spec says over a default."""
    return merge(default, [said])


def resources(data: Data, section: str, cpu_limits: str) -> Data:
    """Return canonical requests and limits; a limit that nothing sets follows from its request.

    The cpu limit is the default's or the request, whichever is more, and none where the rules do not require
    one; the memory limit equals the request, so that a pod is never killed for memory it was promised.
    """
    said = {key: quantity.canonical(str(value)) for key, value in data.items()}
    if "cpuLimit" not in said and cpu_limits == "require":
        usual = str(DEFAULTS[f"{section}.resources.cpuLimit"].value)
        said["cpuLimit"] = max(usual, said["cpu"], key=quantity.amount)
    return {"cpuLimit": None, "memoryLimit": said["memory"], **said}


def service(data: Data, cpu_limits: str) -> stack.Service:
    """Return one service."""
    data = {**data, "resources": resources(data["resources"], "service", cpu_limits)}
    if data["database"] is not None:
        data["database"] = {"schema": data["name"].replace("-", "_"), **data["database"]}
    data["secrets"] = {key: optional(value, stack.Secret) for key, value in data["secrets"].items()}
    return built(data, stack.Service)


def optional(data: Data, cls: type[Any]) -> Data:
    """Spell out as null what a map leaves out."""
    return {**{spelled(one.name): None for one in dataclasses.fields(cls)}, **data}


def database(data: Data, cpu_limits: str) -> stack.Database:
    """Return the database of one view."""
    resolved = resources(data["resources"], "database", cpu_limits)
    storage = quantity.canonical(str(data["storage"]))
    return built({**data, "resources": resolved, "storage": storage}, stack.Database)


def ingress(data: Data) -> stack.Ingress:
    """Return an overlay's way in; its `host` is the services' already."""
    return built({key: value for key, value in data.items() if key != "host"}, stack.Ingress)


def secrets(data: Data, stack_name: str, overlay: str) -> stack.OverlaySecrets:
    """Return where an overlay's secrets come from."""
    return built({"prefix": f"{stack_name}/{overlay}", **data}, stack.OverlaySecrets)


def aws(data: Data) -> stack.Aws:
    """Return an overlay's AWS account."""
    return built({"albCidrs": [], "zones": DEFAULTS["aws.zones"].value, **data}, stack.Aws)
