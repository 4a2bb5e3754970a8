"""What the end-to-end tests share; only run.sh (`make e2e`) collects them, after building what they run."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.deployment import Deployment, deployed
from tests.e2e.plane import Plane
from tests.e2e.repository import Repository

PROGRAMS = os.environ.get("ASKY_GITOPS_E2E_PROGRAMS")

collect_ignore_glob = [] if PROGRAMS else ["test_*.py"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares a cluster, so that two processes share the tests and none of the clusters."""
    for item in items:
        if isinstance(item, pytest.Function):
            shared = "deployment" if "deployment" in item.fixturenames else item.module.__name__
            overlay = item.callspec.params.get("overlay", "") if hasattr(item, "callspec") else ""
            item.add_marker(pytest.mark.xdist_group(f"{shared} {overlay}"))


@pytest.fixture(scope="session")
def programs() -> Path:
    """Return the folder that tests/cluster/build.sh filled."""
    assert PROGRAMS
    return Path(PROGRAMS)


@pytest.fixture(scope="session")
def repository(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a copy of this repository that no test changes."""
    return Repository(tmp_path_factory.mktemp("repository"), programs)


@pytest.fixture(scope="session", params=["minikube", "eks"])
def overlay(request: pytest.FixtureRequest) -> str:
    """Name each overlay of the worked example, one after the other."""
    return str(request.param)


@pytest.fixture(scope="module")
def plane(programs: Path, overlay: str) -> Iterator[Plane]:
    """Run a control plane without Argo CD for the tests of one file and overlay."""
    with Plane(programs) as plane:
        yield plane


@pytest.fixture(scope="session")
def deployment(
    programs: Path, overlay: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """Deploy the worked example through Argo CD, from nothing, and wait until all is well."""
    repository = Repository(tmp_path_factory.mktemp("deployment"), programs)
    with deployed(programs, repository, overlay) as deployment:
        yield deployment


@pytest.fixture
def at_rest(deployment: Deployment) -> Deployment:
    """Give a test the deployment with the last commit synced and all well."""
    deployment.wait_for(deployment.repository.head())
    return deployment


@pytest.fixture
def spoiled(at_rest: Deployment) -> Iterator[Deployment]:
    """Give a test the deployment, and take back what the test committed: a commit must always be able to."""
    start = at_rest.repository.head()
    yield at_rest
    at_rest.wait_for(at_rest.repository.restore(start))
