"""Argo CD deploys everything a service can be told, and leaves alone what others own of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import specs
from tests.e2e.deployment import Deployment, deployed
from tests.e2e.observed import services_pods
from tests.e2e.plane import wait
from tests.e2e.repository import Repository
from tests.e2e.rollout import scale


@pytest.fixture(scope="module")
def wide(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Deploy the EKS overlay of the widest stack through Argo CD, from nothing."""
    repository = Repository(tmp_path_factory.mktemp("wide"), programs, specs.wide())
    with deployed(programs, repository, "eks") as deployment:
        yield deployment


def test_the_first_sync_brings_up_every_kind_and_needs_no_second_attempt(wide: Deployment) -> None:
    operation = wide.first["status"]["operationState"]
    assert (operation["phase"], operation.get("retryCount", 0)) == ("Succeeded", 0)
    asked = {"CronJob", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Role", "ServiceMonitor"}
    assert asked <= {each["kind"] for each in wide.first["status"]["resources"]}


def test_a_second_sync_changes_nothing(wide: Deployment) -> None:
    has_pods(wide, 2)
    before, pods = wide.contents(), services_pods(wide)
    wide.sync_again()
    assert wide.contents() == before
    assert services_pods(wide) == pods


def test_the_autoscalers_number_stays(wide: Deployment) -> None:
    """Four pods at half of what they may use are as many as the autoscaler wants, once it has them."""
    scale(wide.plane, "pyxis", 4)
    wide.sync_again()
    wide.wait_for(wide.repository.head())
    assert wide.plane.get("deployment", "pyxis")["spec"]["replicas"] == 4


def test_a_changed_configuration_rolls_its_service_alone(wide: Deployment) -> None:
    before = services_pods(wide)
    wide.repository.replace("asky.yaml", "auth on", "auth off")
    wide.repository.generate()
    wide.wait_for(wide.repository.push("auth off"))
    assert {name.split("-")[0] for name in services_pods(wide) - before} == {"gateway"}


def test_a_removed_job_is_pruned_and_no_service_notices(wide: Deployment) -> None:
    before, pods = set(wide.contents()), services_pods(wide)
    wide.repository.replace(
        "asky.yaml",
        '      report: {schedule: "@monthly", image: ghcr.io/acme/report:1.0.0, suspend: true}\n',
        "",
    )
    wide.repository.replace("asky.yaml", "    services: {auth: {jobs: {report: null}}}\n", "")
    wide.repository.generate()
    wide.wait_for(wide.repository.push("no report"))
    assert before - set(wide.contents()) == {"CronJob/auth-report", "NetworkPolicy/auth-report"}
    assert services_pods(wide) == pods


def has_pods(wide: Deployment, number: int) -> None:
    """Wait until the service that has an autoscaler has a number of pods."""
    wait(
        f"{number} pods of pyxis",
        lambda: wide.plane.get("deployment", "pyxis")["status"].get("readyReplicas") == number,
        why=wide.explain,
    )
