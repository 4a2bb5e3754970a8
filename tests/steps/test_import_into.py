"""Manifests adopted into a spec that is there, and into an overlay of EKS."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from asky_gitops.tree import layout
from tests.conftest import ROOT, Outcome
from tests.importing import EXPECTED, NETWORKS, adopted, paths, source

Invoke = Callable[..., Outcome]


def test_a_spec_that_is_there_gains_what_it_lacks_and_keeps_the_rest(outside: Path, invoke: Invoke) -> None:
    adopted(invoke, "old-apis", outside)
    before = (outside / "asky.yaml").read_text()

    assert invoke("import", source("json"), cwd=outside).status == 0

    after = (outside / "asky.yaml").read_text()
    assert set(before.splitlines()) <= set(after.splitlines())
    assert list(yaml.safe_load(after)["services"]) == ["legacy", "metrics"]
    assert (outside / "overlays/minikube/custom/kustomization.yaml").read_text() == (
        "apiVersion: kustomize.config.k8s.io/v1alpha1\n"
        "kind: Component\n"
        "resources: []\n"
        "patches:\n"
        "- path: legacy.yaml\n"
        "- path: metrics.yaml\n"
    )


def test_a_manifest_of_the_users_own_is_never_written_over(outside: Path, invoke: Invoke) -> None:
    adopted(invoke, "json", outside)
    before = (outside / "asky.yaml").read_text()
    (outside / "asky.yaml").write_text(before.replace("metrics:", "renamed:"))
    assert invoke("import", source("json"), cwd=outside) == Outcome(
        1,
        "",
        "error: overlays/minikube/custom/metrics.yaml: is already there\nnothing was written\n",
    )


EXISTING = """\
# ours
apiVersion: asky-gitops.dev/v1alpha1
kind: Stack
metadata: {name: clinic}
source: {repoURL: https://git.example.org/clinic/deploy.git, targetRevision: main}
database: {}
services:
  auth: {image: ghcr.io/acme/auth:1.0.0, port: 8003, database: true}
overlays:
  minikube: {platform: minikube, profile: dev}
  eks:                       # production
    platform: eks
    aws: {region: us-east-1, account: "111122223333", albCidrs: [REPLACE-ALB-CIDR]}
"""
GAINED = """\
  auth: {image: ghcr.io/acme/auth:1.0.0, port: 8003, database: true}
  billing: {image: 111122223333.dkr.ecr.eu-central-1.amazonaws.com/billing:2025-10-01, port: 8000, \
secrets: {DATABASE_URL: {remote: billing, property: DATABASE_URL}, \
STRIPE_API_KEY: {remote: billing, property: STRIPE_API_KEY}}, \
public: {host: billing.example.org, paths: [/api, /hooks]}}
overlays:
  minikube: {platform: minikube, profile: dev}
  eks:                       # production
    platform: eks
    aws: {region: us-east-1, account: "111122223333", albCidrs: [REPLACE-ALB-CIDR]}
    ingress: {class: alb, scheme: internal}
"""


@pytest.fixture
def clinic(outside: Path) -> Path:
    """Return a stack with an overlay for EKS, generated once, the load balancer's networks still open."""
    (outside / "asky.yaml").write_text(EXISTING)
    (outside / "sql/migrations").mkdir(parents=True)
    (outside / "sql/migrations/0001_auth.sql").write_text(
        "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n"
    )
    shutil.copy(ROOT / "asky.lock", outside)
    for overlay in ("minikube", "eks"):
        (outside / f"overlays/{overlay}/custom").mkdir(parents=True)
        (outside / f"overlays/{overlay}/custom/kustomization.yaml").write_text(layout.CUSTOM)
    return outside


def test_every_overlay_that_is_there_gets_the_patches_and_eks_what_it_lacks(
    clinic: Path, invoke: Invoke
) -> None:
    said = invoke("import", source("managed-database"), cwd=clinic)

    assert said == Outcome(0, (EXPECTED / "clinic.txt").read_text("utf-8"), "")
    assert (clinic / "asky.yaml").read_text() == EXISTING[: EXISTING.index("  auth:")] + GAINED
    for overlay in ("minikube", "eks"):
        custom = clinic / f"overlays/{overlay}/custom"
        assert sorted(path.name for path in custom.iterdir()) == ["billing.yaml", "kustomization.yaml"]
        assert (custom / "kustomization.yaml").read_text() == layout.CUSTOM.replace(
            "patches: []\n", "patches:\n- path: billing.yaml\n"
        )
    assert invoke("set", NETWORKS, cwd=clinic).status == 0
    assert invoke("generate", cwd=clinic).status == 0
    assert invoke("check", cwd=clinic).status == 0


def test_sql_is_numbered_behind_what_is_there_and_leads_to_the_database_that_serves(
    clinic: Path, invoke: Invoke
) -> None:
    said = invoke("import", source("operators"), cwd=clinic)

    assert said.status == 0
    assert "  left over  database  " in said.out
    assert "belongs in clinic/eks/api, property SESSION_KEY" in said.out
    assert sorted(path.name for path in (clinic / "sql/migrations").iterdir()) == [
        "0001_auth.sql",
        "0002_schemas.sql",
        "0003_tickets.sql",
        "0004_comments.sql",
    ]
    spec = yaml.safe_load((clinic / "asky.yaml").read_text())
    assert spec["database"] == {}
    assert spec["services"]["api"]["env"]["PGDATABASE"] == "clinic"
    assert "secrets" not in spec["overlays"]["eks"]
    assert "database" not in spec["overlays"]["eks"]
    assert spec["overlays"]["eks"]["aws"]["albCidrs"] == ["10.40.0.0/18", "10.40.64.0/18"]


def test_a_spec_that_would_not_be_sound_is_not_written(clinic: Path, invoke: Invoke) -> None:
    taken = EXISTING.replace(
        "database: true}", "database: true, public: {host: billing.example.org, paths: [/api]}}"
    )
    (clinic / "asky.yaml").write_text(taken)
    before = paths(clinic)

    assert invoke("import", source("managed-database"), cwd=clinic) == Outcome(
        2,
        "",
        "error: asky.yaml:9:229: billing and auth are both public at billing.example.org/api\n"
        "nothing was written; the places are those of the file that would have been\n",
    )

    assert (clinic / "asky.yaml").read_text() == taken
    assert paths(clinic) == before


@pytest.mark.parametrize("spec", ["overlays: []", "overlays: {eks: 3}", "services: []", "database: x", "- 1"])
def test_a_spec_that_is_no_stack_is_refused_in_one_clear_line(
    outside: Path, invoke: Invoke, spec: str
) -> None:
    (outside / "asky.yaml").write_text(f"{spec}\n")
    said = invoke("import", source("managed-database"), cwd=outside)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert (outside / "asky.yaml").read_text() == f"{spec}\n"
    assert paths(outside) == [".git", "asky.yaml"]


def test_what_operators_run_on_eks_becomes_an_overlay_of_eks(outside: Path, invoke: Invoke) -> None:
    said = invoke("import", source("operators"), cwd=outside)
    assert said == Outcome(0, (EXPECTED / "operators.txt").read_text("utf-8"), "")
    assert (outside / "asky.yaml").read_text() == (EXPECTED / "operators.yaml").read_text()
    assert (outside / "overlays/eks/custom/api.yaml").read_text() == (
        "apiVersion: apps/v1\n"
        "kind: Deployment\n"
        "metadata:\n"
        "  name: api\n"
        "spec:\n"
        "  template:\n"
        "    spec:\n"
        "      containers:\n"
        "      - name: api\n"
        "        env:\n"
        "        - name: DATABASE_URL\n"
        "          value: postgresql://$(DB_USER):$(DB_PASSWORD)@postgres:5432/tickets\n"
    )
