"""Who wins, weakest first: defaults, platform, `defaults:`, service, then those two of the overlay.

Maps merge, lists and scalars replace, `null` takes back what the spec said so far.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from asky_gitops.adapters.spec_yaml import Located, Steps
from asky_gitops.model import defaults

Data = dict[str, Any]
OPTIONAL = ("public", "autoscale", "metrics")
"""Keys of a service whose defaults count only where the key is said."""


def merge(default: Mapping[str, Any], layers: Sequence[Mapping[str, Any]]) -> Data:
    """Lay `layers`, weakest first, over a default."""
    result = dict(default)
    for key in dict.fromkeys(key for layer in layers for key in layer):
        said = [layer[key] for layer in layers if key in layer]
        resets = [index for index, value in enumerate(said) if value is None]
        said = said[resets[-1] + 1 :] if resets else said
        below = default.get(key)
        if said and isinstance(said[-1], dict):
            others = [index for index, value in enumerate(said) if not isinstance(value, dict)]
            maps = said[others[-1] + 1 :] if others else said
            result[key] = merge(below if isinstance(below, dict) else {}, maps)
        elif said:
            result[key] = said[-1]
    return result


class Layers:
    """The merged views of one file, and the place each of their values comes from."""

    def __init__(self, located: Located, data: Data, platforms: Mapping[str, Mapping[str, Any]]) -> None:
        self.located = located
        self.data = data
        self.platforms = platforms

    def at(self, *steps: str) -> Data:
        """Return the map at `steps`; empty where there is none."""
        found: Any = self.data
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def value(self, steps: Steps) -> Any:
        """Return what the file says at `steps`; None where it says nothing."""
        found: Any = self.data
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        return found

    def platform(self, overlay: str | None, part: str) -> Mapping[str, Any]:
        """Return the platform's defaults of one part; the base has no platform."""
        name = self.at("overlays", overlay).get("platform") if overlay else None
        known = self.platforms.get(name, {}) if isinstance(name, str) else {}
        return known.get(part) or {}

    def service_layers(self, name: str, overlay: str | None) -> list[Steps]:
        """Return where a service's values may stand, strongest first."""
        inside: list[Steps] = (
            [("overlays", overlay, "services", name), ("overlays", overlay, "defaults")] if overlay else []
        )
        return [*inside, ("services", name), ("defaults",)]

    def database_layers(self, overlay: str | None) -> list[Steps]:
        """Return where the database's values may stand, strongest first."""
        return [("overlays", overlay, "database"), ("database",)] if overlay else [("database",)]

    def find(self, layers: Sequence[Steps], *rest: str | int) -> Steps:
        """Return the strongest of `layers` that says `rest`; the weakest named one where none does."""
        for length in range(len(rest), 0, -1):
            for layer in layers:
                if (*layer, *rest[:length]) in self.located.values:
                    return (*layer, *rest[:length])
        return next((layer for layer in reversed(layers) if layer[-1] != "defaults"), layers[-1])

    def service(self, name: str, overlay: str | None) -> Data:
        """Return one service as the base (`overlay` None) or an overlay sees it."""
        said = [switched(self.at(*map(str, layer))) for layer in reversed(self.service_layers(name, overlay))]
        lowest = merge(derivable("service"), [self.platform(overlay, "defaults")])
        merged = merge(lowest, said)
        for key in OPTIONAL:
            if last(said, key) is None:
                merged[key] = None
        return {"database": None, **merged, "name": name}

    def database(self, overlay: str | None) -> Data | None:
        """Return the database as the base or an overlay sees it; None where the spec has none."""
        if not isinstance(self.data.get("database"), dict):
            return None
        said = [self.at(*map(str, layer)) for layer in reversed(self.database_layers(overlay))]
        lowest = merge(derivable("database"), [self.platform(overlay, "database")])
        name = str(self.at("metadata").get("name", "")).replace("-", "_")
        return merge({"name": name, "storageClass": None, **lowest}, said)

    def monitoring(self, overlay: str | None) -> Data:
        """Return what watches the nodes and services, as the base or an overlay sees it."""
        above = self.at("overlays", overlay, "monitoring") if overlay else {}
        return merge(defaults.section("monitoring"), [self.at("monitoring"), above])

    def part(self, overlay: str, part: str) -> Data:
        """Return the overlay's `ingress`, `operators` or `secrets`."""
        lowest = merge(defaults.section(part), [self.platform(overlay, part)])
        return merge(lowest, [self.at("overlays", overlay, part)])


def derivable(section: str) -> Data:
    """Return a section's defaults without the cpu limit, which follows from the request (spec_resolve)."""
    found = defaults.section(section)
    del found["resources"]["cpuLimit"]
    return found


def switched(layer: Data) -> Data:
    """Spell `database: true` as a map, `database: false` as null, and a volume's bare path as a map."""
    if isinstance(layer.get("database"), bool):
        layer = {**layer, "database": {} if layer["database"] else None}
    if isinstance(volumes := layer.get("volumes"), dict):
        maps = {name: {"path": one} if isinstance(one, str) else one for name, one in volumes.items()}
        layer = {**layer, "volumes": maps}
    return layer


def last(said: Sequence[Data], key: str) -> Any:
    """Return what the strongest layer that names a key says."""
    return next((layer[key] for layer in reversed(said) if key in layer), None)
