"""How one service's pods are started, probed, measured and stopped; parts of model/stack."""

from dataclasses import dataclass

Quantity = str
"""A Kubernetes quantity in canonical form: `500m`, `1`, `256Mi`."""


@dataclass(frozen=True)
class Probe:
    """One probe of a service's port; without a path it asks for a connection only. Times are seconds."""

    path: str | None
    period: int
    timeout: int
    failures: int
    """Failures in a row that count."""


@dataclass(frozen=True)
class Probes:
    """The three probes of a service."""

    startup: Probe
    readiness: Probe
    liveness: Probe


@dataclass(frozen=True)
class Shutdown:
    """How a pod stops: it serves on for `drain` seconds and is killed after `grace` seconds in all."""

    drain: int
    grace: int


@dataclass(frozen=True)
class Volume:
    """A writable folder that lives as long as its pod, on the node's disk or in its memory."""

    path: str
    size: Quantity
    memory: bool


@dataclass(frozen=True)
class Metrics:
    """Where a service tells Prometheus about itself."""

    port: int
    path: str


@dataclass(frozen=True)
class History:
    """How many finished runs of a job are kept."""

    successful: int
    failed: int
