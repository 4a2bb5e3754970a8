"""The parts of the spec whose settings are tried in pairs, each in a spec around it."""

from typing import Any

from tests.matrix.pairs import Axis, Layout, Parts, Row
from tests.matrix.values import SCHEMA, texts, value

NAMES = texts(SCHEMA["Service"]["properties"]["calls"]["anyOf"][0]["items"]["pattern"])
"""The services that `calls` will name."""
AWS = {"region": "us-east-1", "account": "111122223333", "albCidrs": ["10.0.0.0/20"]}
BUCKET = {"bucket": "s3://acme-asky"}


def services(parts: Parts) -> dict[str, Any]:
    """Return a service, its ways in, and what watches it."""
    others = {name: {"image": f"x/{name}", "port": 8001 + n} for n, name in enumerate(NAMES)}
    return {
        "database": {},
        "services": {**others, "web": {"image": "x/web", "port": 8000, **parts["web"]}},
        "monitoring": parts["monitoring"],
        "overlays": {
            "minikube": {"platform": "minikube", "ingress": {"class": "nginx", **parts["minikube"]}},
            "eks": {"platform": "eks", "aws": AWS, "ingress": {"class": "alb", **parts["eks"]}},
        },
    }


def reachable(axis: Axis) -> Row:
    """Return what a way in needs: somebody to reach."""
    return {("web", "public"): {"host": value(SCHEMA["Public"]["properties"]["host"], False)}}


def user(parts: Parts) -> dict[str, Any]:
    """Return a service that uses the database, with a secret of its own where one is said."""
    secrets = {"secrets": {"TOKEN": parts["secret"]}} if parts["secret"] else {}
    return {"auth": {"image": "x/auth", "port": 8003, "database": parts["own"], **secrets}}


def on_minikube(parts: Parts) -> dict[str, Any]:
    """Return a database of which there is one server."""
    overlay = {"platform": "minikube", "secrets": parts["secrets"], "database": parts["overlay"]}
    return {
        "database": parts["database"],
        "services": user(parts),
        "overlays": {"minikube": overlay},
    }


def on_eks(parts: Parts) -> dict[str, Any]:
    """Return a database that an operator runs, watched."""
    overlay = {"platform": "eks", "secrets": parts["secrets"], "database": parts["overlay"]}
    return {
        "database": parts["database"],
        "monitoring": {"serviceMonitors": True},
        "services": user(parts),
        "overlays": {"eks": {**overlay, "aws": AWS}},
    }


def restorable(axis: Axis) -> Row:
    """Return what a restore needs, an archive and a further generation, and a remote property a remote."""
    part, key = axis
    if key == "restore":
        return {(part, "backup"): BUCKET, (part, "generation"): 999}
    return {(part, "remote"): "smtp"} if axis == ("secret", "property") else {}


def inside(parts: Parts) -> dict[str, Any]:
    """Return every part of a database at once: one that an operator runs, one that is elsewhere."""
    eks = {
        "platform": "eks",
        "aws": AWS,
        "database": {
            "generation": 999,
            "readReplicas": True,
            "backup": {**BUCKET, **parts["backup"]},
            "pooler": parts["pooler"],
            "resources": parts["resources"],
            "restore": {"from": 1, **parts["restore"]},
        },
    }
    server = {"host": "db.example.org", "secret": "admin", "cidrs": ["10.0.0.0/20"], **parts["external"]}
    service = {"image": "x/auth", "port": 8003, "database": {"readonlyURL": True}}
    return {
        "database": {},
        "monitoring": {"serviceMonitors": True},
        "services": {"auth": service},
        "overlays": {"eks": eks, "elsewhere": {**eks, "database": {"external": server}}},
    }


DATABASE = {
    "database": "Database",
    "overlay": "DatabaseOverlay",
    "own": "ServiceDatabase",
    "secret": "Secret",
    "secrets": "OverlaySecrets",
}
SHARED = SCHEMA["DatabaseOverlay"]["properties"]
"""Settings that an overlay has too: there they are tried on EKS, where each of them means something."""
LAYOUTS = {
    "services": Layout(
        {"web": "Service", "monitoring": "Monitoring", "minikube": "Ingress", "eks": "Ingress"},
        services,
        frozenset({("web", "image"), ("web", "port"), ("minikube", "class"), ("eks", "class")}),
        reachable,
    ),
    "minikube": Layout(DATABASE, on_minikube, needs=restorable),
    "eks": Layout(DATABASE, on_eks, frozenset(("database", key) for key in SHARED), restorable),
    "inside": Layout(
        {
            "backup": "Backup",
            "external": "External",
            "pooler": "Pooler",
            "resources": "DatabaseResources",
            "restore": "Restore",
        },
        inside,
    ),
}
