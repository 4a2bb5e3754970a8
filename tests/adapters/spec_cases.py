"""A small stack on disk, and what loading a spoiled one says."""

from pathlib import Path
from typing import Any

import pytest

from asky_gitops.adapters import spec
from asky_gitops.errors import InputError, Many
from asky_gitops.model.stack import Stack

PLATFORMS: dict[str, dict[str, Any]] = {
    "minikube": {
        "defaults": {"replicas": 1},
        "database": {"instances": 1},
        "ingress": {"class": "nginx"},
        "secrets": {"provider": "job"},
    },
    "eks": {
        "database": {"instances": 3, "storageClass": "gp3-encrypted"},
        "ingress": {"class": "alb"},
        "secrets": {"provider": "external-secrets"},
    },
}

SPEC = """\
apiVersion: asky-gitops.dev/v1alpha1
kind: Stack
metadata: {name: asky}
source: {repoURL: https://git.example.org/asky/deploy.git}
database: {}
services:
  gateway:
    image: ghcr.io/acme/gateway:1.0.0
    port: 8000
    calls: [auth]
    public: {host: asky.local}
  auth:
    image: ghcr.io/acme/auth:1.0.0
    port: 8003
    database: true
overlays:
  minikube: {platform: minikube}
"""

LOCK = """\
charts:
  aws-load-balancer-controller: https://aws.github.io/eks-charts/aws-load-balancer-controller:3.5.0
  cert-manager: https://charts.jetstack.io/cert-manager:v1.21.1
  cloudnative-pg: https://cloudnative-pg.github.io/charts/cloudnative-pg:0.29.0
  external-secrets: https://charts.external-secrets.io/external-secrets:2.9.0
  metrics-server: https://kubernetes-sigs.github.io/metrics-server/metrics-server:3.13.1
  plugin-barman-cloud: https://cloudnative-pg.github.io/charts/plugin-barman-cloud:0.7.0
tools:
  argo-cd: v3.5.1
  eksctl: 0.230.0
images:
  dbmate: ghcr.io/amacneil/dbmate:2.35.0
  kubectl: docker.io/alpine/k8s:1.35.4
  node-exporter: quay.io/prometheus/node-exporter:v1.12.1
  pgbouncer: ghcr.io/cloudnative-pg/pgbouncer:1.25.1
  postgres-17: docker.io/library/postgres:17.11-trixie
  cloudnative-pg-17: ghcr.io/cloudnative-pg/postgresql:17.11
"""

MIGRATION = "-- migrate:up\nCREATE SCHEMA auth;\n-- migrate:down\nDROP SCHEMA auth;\n"


def placed(root: Path, text: str | bytes) -> Path:
    """Write a spec with a lock and one migration beside it."""
    (root / "sql/migrations").mkdir(parents=True, exist_ok=True)
    (root / "sql/migrations/0001_schemas.sql").write_text(MIGRATION)
    (root / "asky.lock").write_text(LOCK)
    path = root / "asky.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def loaded(root: Path, text: str) -> Stack:
    """Load a spec that must be right."""
    return spec.load(placed(root, text), PLATFORMS)


def refusals(path: Path) -> list[str]:
    """Return every error of a spec that must be wrong, as it is printed."""
    with pytest.raises(Many) as caught:
        spec.load(path, PLATFORMS)
    assert all(type(error) is InputError for error in caught.value.errors)
    assert caught.value.exit_code == 2
    hints = [f"\n  hint: {error.hint}" if error.hint else "" for error in caught.value.errors]
    return [
        f"{error.where}: {error.message}{hint}"
        for error, hint in zip(caught.value.errors, hints, strict=True)
    ]


def spoiled(root: Path, old: str, new: str) -> list[str]:
    """Return the errors of the small stack with one thing replaced."""
    assert SPEC.count(old) == 1, f"{old!r} stands {SPEC.count(old)} times in the spec"
    return refusals(placed(root, SPEC.replace(old, new)))
