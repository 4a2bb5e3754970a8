"""What a spoiling is: one change of the worked example, and everything a check then finds."""

from dataclasses import dataclass, field

MINIKUBE = "overlays/minikube/generated"
EKS = "overlays/eks/generated"
LIMITS = "missing-resource-limits"
CUSTOM = "overlays/eks/custom"
SERVICE = f"{MINIKUBE}/postgres/service.yaml"
STATEFUL = f"{MINIKUBE}/postgres/statefulset.yaml"
CLUSTER = f"{EKS}/postgres/cluster.yaml"
AUTH = "base/auth/deployment.yaml"
BOTH = ("eks", "minikube")
AUTH_LIMITS = ("Deployment asky/auth", "spec.template.spec.containers[0].resources", AUTH)
VALUE = "q7Rz2mXc9Lw4"


@dataclass(frozen=True)
class Found:
    """One finding: `at` is the text the location spans, in `file`."""

    rule: str
    resource: str
    field: str
    file: str
    at: str
    overlays: tuple[str, ...]


@dataclass(frozen=True)
class Spoiling:
    """One change of one file, and everything a check then finds."""

    file: str
    before: str
    after: str
    found: tuple[Found, ...]
    more: dict[str, str] = field(default_factory=dict)
    """Files to write besides."""


def exposed(resource: str, path: str, file: str, at: str, *overlays: str) -> Found:
    return Found("exposed-database", resource, path, file, at, overlays)


def inline(resource: str, path: str, file: str, at: str, *overlays: str) -> Found:
    return Found("inline-secret", resource, path, file, at, overlays)


def limits(resource: str, path: str, file: str, at: str, *overlays: str) -> Found:
    return Found(LIMITS, resource, path, file, at, overlays)


def schema(resource: str, path: str, file: str, at: str, *overlays: str) -> Found:
    return Found("schema-error", resource, path, file, at, overlays)
