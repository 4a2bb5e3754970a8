"""Each component's whole output, printed: a change of any byte is a change of this folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.adapters import yaml
from asky_gitops.components import (
    cloudnative_pg,
    external_database,
    external_secrets,
    migrations,
    network,
    node_exporter,
    postgres,
    scaling,
    secrets_job,
    services,
    storage_class,
)
from asky_gitops.model.database import External, Restore
from asky_gitops.model.manifest import Manifest
from asky_gitops.platforms import eks as eks_platform
from asky_gitops.platforms import minikube as minikube_platform
from tests.stacks import asky, database, eks, full_eks, minikube, view

EXPECTED = Path(__file__).parent / "expected"
STACK = asky()
MINIKUBE, EKS = minikube(STACK), eks(STACK)
ON_MINIKUBE, ON_EKS = view(STACK, MINIKUBE), view(STACK, EKS)
FULL = full_eks(STACK)
RESTORED = full_eks(STACK, restore=Restore(1, "2026-03-01T12:00:00Z", "beside"))
EXTERNAL = eks(STACK, database=database(external=External("192.0.2.7", None, 5432, "require", "admin", ())))

COMPONENTS: dict[str, Callable[[], list[Manifest]]] = {
    "services": lambda: services.base(STACK),
    "network": lambda: network.base(STACK),
    "migrations": lambda: migrations.base(STACK),
    "seeds": lambda: migrations.overlay(ON_MINIKUBE, MINIKUBE),
    "postgres": lambda: postgres.overlay(ON_MINIKUBE, MINIKUBE),
    "secrets-job": lambda: secrets_job.overlay(ON_MINIKUBE, MINIKUBE, own_server=True),
    "cloudnative-pg": lambda: cloudnative_pg.overlay(ON_EKS, EKS),
    "cloudnative-pg-full": lambda: cloudnative_pg.overlay(view(STACK, FULL), FULL),
    "cloudnative-pg-restored": lambda: cloudnative_pg.overlay(view(STACK, RESTORED), RESTORED),
    "external-database": lambda: external_database.overlay(view(STACK, EXTERNAL), EXTERNAL),
    "secrets-job-eks": lambda: secrets_job.overlay(ON_EKS, EKS, own_server=False),
    "external-secrets": lambda: external_secrets.overlay(ON_EKS, EKS),
    "scaling": lambda: scaling.overlay(ON_EKS, EKS),
    "node-exporter": lambda: node_exporter.platform(STACK),
    "storage-class": lambda: storage_class.platform(ON_EKS, EKS),
    "ingress-minikube": lambda: minikube_platform.overlay(ON_MINIKUBE, MINIKUBE)["ingress"],
    "ingress-eks": lambda: eks_platform.overlay(ON_EKS, EKS)["ingress"],
    "namespace-eks": lambda: eks_platform.overlay(ON_EKS, EKS)[""],
}


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_prints_exactly_what_is_expected(name: str) -> None:
    assert yaml.dump(COMPONENTS[name]()) == (EXPECTED / f"{name}.yaml").read_text("utf-8")


def test_every_expected_file_is_compared() -> None:
    assert sorted(path.stem for path in EXPECTED.iterdir()) == sorted(COMPONENTS)
