"""What a spec that is there gains from manifests: the services and settings that it does not have."""

from collections.abc import Iterator
from typing import Any

from asky_gitops.adopt.found import Log, Note
from asky_gitops.adopt.stack import Stack

Steps = tuple[str | int, ...]
"""Keys from the top of the spec to a value."""
KEPT = ("platform", "profile")
"""Keys of an overlay that a spec which is there has in its own way."""
PREFIX = ("secrets", "prefix")
"""Where the secrets of what runs already are: not even added where the spec does not say it."""


def database_of(known: dict[str, Any]) -> str | None:
    """Return the name of the database of the spec that is there, by which services are to find it."""
    if not isinstance(known.get("database"), dict):
        return None
    said = known["database"].get("name") or value_at(known, ("metadata", "name")) or ""
    return str(said).replace("-", "_")


def changes(stack: Stack, known: dict[str, Any], name: str, log: Log) -> dict[Steps, Any]:
    """Return what is to be set in the spec `known` of the file `name`; what it has already is noted."""
    made: dict[Steps, Any] = {}
    for service, data in stack.spec["services"].items():
        if value_at(known, ("services", service)) is not None:
            log.notes.append(Note("left over", f"services.{service}", name, "is in the spec already"))
        else:
            made["services", service] = data
    for key in ("database", "monitoring"):
        if key in stack.spec and key not in known:
            made[key,] = stack.spec[key]
        elif key in stack.spec and key == "database":
            log.notes.append(Note("left over", key, name, "is in the spec already: that one serves"))
    if "checks" in stack.spec and "checks" not in known:
        words = "the services have no cpu limit, and the spec's default gives them one"
        log.notes.append(Note("changed", "checks.cpuLimits", name, words))
    for overlay, data in stack.spec["overlays"].items():
        made |= settings(overlay, data, known, name, log)
    return made


def settings(
    overlay: str, data: dict[str, Any], known: dict[str, Any], name: str, log: Log
) -> dict[Steps, Any]:
    """Return what the spec's overlays of a platform lack of the settings that were found for it.

    A stack that has overlays gets no minikube because of manifests that show no platform.
    """
    overlays = as_map(known.get("overlays"))
    same = [one for one, said in overlays.items() if value_at(said, ("platform",)) == data["platform"]]
    if not same and (not overlays or data["platform"] != "minikube"):
        return {("overlays", overlay): data}
    made: dict[Steps, Any] = {}
    skipped = {*KEPT, "permits", *({"database"} & known.keys())}
    for one in overlays:
        if kinds := data.get("permits"):
            there = value_at(overlays[one], ("permits",)) or []
            made["overlays", one, "permits"] = sorted({*there, *kinds})
    for one in same:
        for steps, value in leaves({key: each for key, each in data.items() if key not in skipped}):
            there = value_at(overlays[one], steps)
            if "REPLACE-" in str(there) or (there is None and steps != PREFIX):
                made["overlays", one, *steps] = value
            elif there != value:
                words = f"the manifests have {value}, the spec has its own"
                log.notes.append(Note("left over", ".".join(("overlays", one, *steps)), name, words))
    return made


def leaves(data: dict[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield (steps, value) of every value in maps of maps."""
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*at, key))
        else:
            yield (*at, key), value


def as_map(data: Any) -> dict[str, Any]:
    """Return a map, an empty one for what is none: that is for the reader of the spec to say."""
    return data if isinstance(data, dict) else {}


def value_at(data: Any, steps: tuple[str, ...]) -> Any:
    """Return a value in maps of maps, None where there is none."""
    for step in steps:
        data = data.get(step) if isinstance(data, dict) else None
    return data
