"""Everything a service can be told, judged by the API server, its controllers and its scheduler."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import specs
from tests.e2e.observed import condition
from tests.e2e.plane import Object, Plane, dump, wait
from tests.e2e.repository import Repository
from tests.e2e.rollout import Outcomes, apply_overlay, contents, scale, settled, why

OVERLAYS = ["minikube", "traefik", "eks", "behind"]
SERVICES = {"auth": 2, "gateway": 3, "portal": 1, "pyxis": 2}
"""Service to its pods; pyxis has an autoscaler that asks for two at least."""


@pytest.fixture(scope="module")
def wide(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a repository of the widest stack."""
    return Repository(tmp_path_factory.mktemp("wide"), programs, specs.wide())


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> str:
    """Name each overlay of the widest stack, one after the other."""
    return str(request.param)


@pytest.fixture(scope="module")
def outcomes(plane: Plane, wide: Repository, overlay: str) -> Iterator[Outcomes]:
    """Apply an overlay of the widest stack and wait until it is rolled out."""
    found = apply_overlay(plane, wide, overlay)
    settled(plane, [each for objects, _ in found.values() for each in objects])
    yield found


@pytest.fixture(scope="module")
def applied(outcomes: Outcomes) -> list[Object]:
    """Return every object of both roots, applied and rolled out."""
    return [each for objects, _ in outcomes.values() for each in objects]


def test_every_object_is_taken_without_an_error_or_a_warning(outcomes: Outcomes) -> None:
    assert {root: complaints for root, (_, complaints) in outcomes.items()} == dict.fromkeys(outcomes, "")


def test_every_kind_that_a_service_can_ask_for_is_among_them(applied: list[Object], overlay: str) -> None:
    asked = {"CronJob", "HorizontalPodAutoscaler", "Ingress", "PodDisruptionBudget", "ServiceMonitor"}
    missing = {"traefik": {"ServiceMonitor"}}
    assert asked - {each["kind"] for each in applied} == missing.get(overlay, set())


def test_every_service_has_its_pods_and_each_is_as_restricted_as_it_says(
    plane: Plane, applied: list[Object]
) -> None:
    """Pod Security took them; these are what it does not ask for."""
    pods = wait(
        "every service has its pods",
        lambda: found if count(found := of_services(plane)) == SERVICES else None,
        why=lambda: str(count(of_services(plane))),
    )
    asked = {
        (
            each["spec"]["enableServiceLinks"],
            each["spec"]["automountServiceAccountToken"],
            *(secret["name"] for secret in each["spec"]["imagePullSecrets"]),
            each["metadata"]["annotations"]["clinic.example.org/owner"],
        )
        for each in pods
    }
    assert asked == {(False, False, "ghcr", "pharmacy")}


def test_pods_of_a_service_are_spread_over_the_zones(plane: Plane, applied: list[Object]) -> None:
    zones = [
        plane.get("node", each["spec"]["nodeName"])["metadata"]["labels"]["topology.kubernetes.io/zone"]
        for each in plane.get("pods")
        if each["metadata"]["labels"].get("app.kubernetes.io/name") == "gateway"
    ]
    assert sorted(zones) == ["zone-a", "zone-b", "zone-c"]


def test_a_drain_may_take_one_pod_of_each_service_that_has_more(plane: Plane, applied: list[Object]) -> None:
    budgets = wait(
        "the controller has looked at every budget",
        lambda: found if all((found := allowed(plane)).values()) else None,
        why=lambda: why(plane, applied),
    )
    assert budgets == {"auth": 1, "gateway": 1, "pyxis": 1}


def test_the_autoscaler_reads_its_metric_and_owns_the_number_of_pods(
    plane: Plane, applied: list[Object], wide: Repository, overlay: str
) -> None:
    wait(
        "the autoscaler works",
        lambda: condition(plane.get("hpa", "pyxis"), "ScalingActive") == "True" or None,
        why=lambda: str(plane.get("hpa", "pyxis")),
    )
    scale(plane, "pyxis", 4)
    plane.apply(dump(*applied))
    assert plane.get("deployment", "pyxis")["spec"]["replicas"] == 4


def test_applying_it_again_changes_nothing(plane: Plane, applied: list[Object]) -> None:
    before = contents(plane, applied)
    plane.apply(dump(*applied))
    assert contents(plane, applied) == before


def test_a_job_of_a_service_runs_at_its_time_with_the_services_files_and_login(
    plane: Plane, applied: list[Object]
) -> None:
    """The controller starts it; its shell and psql are real, and so is the server it logs in to."""
    run = wait(
        "a run of the job is complete",
        lambda: next(
            (each for each in plane.get("jobs") if is_run_of(each, "auth-whoami") and is_complete(each)), None
        ),
        why=lambda: why(plane, applied),
    )
    pod = next(each for each in plane.get("pods") if run["metadata"]["name"] in each["metadata"]["name"])
    assert plane.log(pod["metadata"]["name"], "auth-whoami") == "good morning\nauth\n"


def test_the_load_balancers_controller_may_read_the_logins_secret_and_no_other(
    plane: Plane, applied: list[Object], overlay: str
) -> None:
    """Only where the load balancer logs people in; a controller that runs as pods needs no right."""
    rights = plane.rights("system:serviceaccount:kube-system:aws-load-balancer-controller")
    assert rights == (["secrets [] [login] [get list watch]"] if overlay == "eks" else [])


def test_no_account_of_a_service_may_ask_the_api_server_for_anything(
    plane: Plane, applied: list[Object]
) -> None:
    assert {name: plane.rights(f"system:serviceaccount:asky:{name}") for name in SERVICES} == {
        name: [] for name in SERVICES
    }


def allowed(plane: Plane) -> dict[str, int]:
    """Return each budget's pods that may go now."""
    return {
        each["metadata"]["name"]: each.get("status", {}).get("disruptionsAllowed", 0)
        for each in plane.get("pdb")
    }


def of_services(plane: Plane) -> list[Object]:
    """Return the pods of the Deployments."""
    return [
        each for each in plane.get("pods") if each["metadata"]["ownerReferences"][0]["kind"] == "ReplicaSet"
    ]


def count(pods: list[Object]) -> Counter[str]:
    """Return how many pods each service has."""
    return Counter(each["metadata"]["labels"]["app.kubernetes.io/name"] for each in pods)


def is_run_of(job: Object, name: str) -> bool:
    """Tell whether a Job is a run of a CronJob."""
    return bool(re.fullmatch(rf"{name}-\d+", job["metadata"]["name"]))


def is_complete(job: Object) -> bool:
    """Tell whether a Job is done and well."""
    return condition(job, "Complete") == "True"
