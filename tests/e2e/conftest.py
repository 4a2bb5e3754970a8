"""What the end-to-end tests share; only run.sh (`make e2e`) collects them, after building what they run."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.conftest import Outcome
from tests.e2e.deployment import Deployment, deployed
from tests.e2e.living import Asky, Run, take_back
from tests.e2e.plane import Plane
from tests.e2e.repository import Repository

PROGRAMS = os.environ.get("ASKY_GITOPS_E2E_PROGRAMS")

collect_ignore_glob = [] if PROGRAMS else ["test_*.py"]


class ByFileAndOverlay(LoadScopeScheduling):  # type: ignore[misc]
    """Give one process the tests of one file on one overlay: they share a cluster."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        overlay = re.search(r"\[(minikube|eks)\b", test)
        return f"{file} {overlay[1]}" if overlay else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFileAndOverlay:
    """Have xdist hand out the tests so."""
    return ByFileAndOverlay(config, log)


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


@pytest.fixture(scope="module")
def own(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A copy of this repository for this file alone."""
    return Repository(tmp_path_factory.mktemp("up"), programs)


@pytest.fixture
def asky(run: Run, plane: Plane, own: Repository, overlay: str) -> Asky:
    """Run a verb on the overlay, on no terminal."""
    return lambda verb, *rest: run(verb, "--overlay", overlay, *rest, cwd=own.work, env=plane.environment)


@pytest.fixture
def on_terminal(terminal: Run, plane: Plane, own: Repository, overlay: str) -> Asky:
    """Run a verb on the overlay, on a terminal."""
    return lambda verb, *rest, **more: terminal(
        verb, "--overlay", overlay, *rest, cwd=own.work, env=plane.environment, **more
    )


@pytest.fixture
def begun(plane: Plane, own: Repository, overlay: str) -> Callable[..., subprocess.Popen[str]]:
    """Start a verb on the overlay, on no terminal, and do not wait for it."""
    return lambda verb, *rest: subprocess.Popen(
        [sys.executable, "-m", "asky_gitops", verb, "--overlay", overlay, *rest],
        cwd=own.work,
        env={**os.environ, **plane.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def is_up(asky: Asky) -> Outcome:
    """Bring the overlay up."""
    said = asky("up")
    assert said.status == 0, said.out + said.err
    return said


@pytest.fixture
def edited(own: Repository) -> Iterator[Repository]:
    """Give a test the repository, and take back what it changed."""
    yield own
    take_back(own)
