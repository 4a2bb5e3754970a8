"""Where secrets' values come from: a provider that ExternalSecrets name, or the Job that makes them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from asky_gitops.adopt.found import Found, Log
from asky_gitops.adopt.pods import containers
from asky_gitops.adopt.scene import is_own

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_+=.@-]*")
"""A name at the provider as the spec takes one."""
MADE = re.compile(r"(?m)^key (\S+) (\S+) (\d+)$")
"""The line of our own Job's script that makes one value."""


@dataclass(slots=True)
class Remotes:
    """Where each key of a Secret comes from, and the folder that all names at the provider share."""

    places: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    prefix: str = ""
    external: bool = False
    """Whether a provider outside the cluster is used."""


def adopt(every: Iterable[Found], log: Log) -> Remotes:
    """Return what ExternalSecrets and our own Job say; names without a folder in common are reported."""
    made = Remotes()
    named: dict[tuple[str, str], Mapping[str, Any]] = {}
    for one in every:
        if one.kind == "Job" and one.name == "secrets" and is_own(one):
            scripts = [str(part) for each in containers(one.spec) for part in each.get("args") or []]
            for secret, key, length in MADE.findall("\n".join(scripts)):
                made.places[secret, key] = {"generate": int(length)}
        if one.kind in ("SecretStore", "ClusterSecretStore", "ExternalSecret"):
            made.external = True
        if one.kind == "ExternalSecret":
            target = str((one.spec.get("target") or {}).get("name") or one.name)
            for each in one.spec.get("data") or []:
                named[target, str(each["secretKey"])] = each["remoteRef"]
            if one.spec.get("dataFrom"):
                words = "takes whole secrets over: name each of their keys under secrets of its service"
                log.add("left over", one, words)
    made.prefix = shared_folder([str(one["key"]) for one in named.values()])
    for at, reference in named.items():
        key = str(reference["key"]).removeprefix(f"{made.prefix}/")
        if made.prefix and KEY.fullmatch(key):
            part = {"property": str(reference["property"])} if reference.get("property") else {}
            made.places[at] = {"remote": key, **part}
    return made


def shared_folder(keys: list[str]) -> str:
    """Return the folder that all keys are in; empty for none, or one that the spec cannot say."""
    folders = [key.split("/")[:-1] for key in keys]
    if not folders:
        return ""
    low, high = min(folders), max(folders)
    same = next((n for n, part in enumerate(low) if n >= len(high) or part != high[n]), len(low))
    found = "/".join(low[:same])
    return found if KEY.fullmatch(found) else ""
