"""What `asky.lock` pins: everything that is fetched from elsewhere, beside the services' own images."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Chart:
    """One version of a Helm chart."""

    repository: str
    name: str
    version: str


@dataclass(frozen=True)
class Lock:
    """The pins by name, as they are written; a name stays when its pin moves."""

    images: Mapping[str, str] = field(default_factory=dict)
    """Image by purpose: `postgres-17`, `dbmate`."""
    charts: Mapping[str, str] = field(default_factory=dict)
    """`repository/chart:version` by the chart's name."""
    tools: Mapping[str, str] = field(default_factory=dict)
    """Version by program: what the bootstrap pages install or run."""

    def flat(self) -> dict[str, str]:
        """Return every pin by `section.name`."""
        return {
            f"{section}.{name}": pin
            for section, pins in (("images", self.images), ("charts", self.charts), ("tools", self.tools))
            for name, pin in pins.items()
        }


def chart(pin: str) -> Chart:
    """Return a chart's pin in parts; it has the form `repository/chart:version`."""
    place, _, version = pin.rpartition(":")
    repository, _, name = place.rpartition("/")
    return Chart(repository, name, version)
