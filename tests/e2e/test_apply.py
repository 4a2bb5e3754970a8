"""A real API server takes every object of both overlays, as strictly as it can be asked to."""

import pytest

from tests.e2e.observed import condition
from tests.e2e.plane import Object, Plane, dump
from tests.e2e.repository import Repository
from tests.e2e.rollout import Outcomes, apply_overlay, contents, names, settled


@pytest.fixture(scope="module")
def outcomes(plane: Plane, repository: Repository, overlay: str) -> Outcomes:
    """Apply both roots of an overlay."""
    return apply_overlay(plane, repository, overlay)


@pytest.fixture(scope="module")
def applied(outcomes: Outcomes) -> list[Object]:
    """Return every object of both roots, applied."""
    return [each for objects, _ in outcomes.values() for each in objects]


def test_every_object_is_taken_without_an_error_or_a_warning(outcomes: Outcomes) -> None:
    assert {root: complaints for root, (_, complaints) in outcomes.items()} == dict.fromkeys(outcomes, "")


def test_applying_it_again_changes_nothing(plane: Plane, applied: list[Object]) -> None:
    settled(plane, applied)
    before, pods = contents(plane, applied), names(plane)
    plane.apply(dump(*applied))
    assert contents(plane, applied) == before
    assert names(plane) == pods


def test_every_pod_starts_and_every_job_completes(plane: Plane, applied: list[Object]) -> None:
    settled(plane, applied)
    assert {each["metadata"]["name"]: condition(each, "Complete") for each in plane.get("jobs")} == {
        each["metadata"]["name"]: "True" for each in applied if each["kind"] == "Job"
    }


def test_pod_security_is_enforced_as_restricted_where_the_services_run(
    plane: Plane, applied: list[Object]
) -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "intruder", "namespace": "asky"},
        "spec": {"containers": [{"name": "shell", "image": "busybox:1"}]},
    }
    done = plane.try_apply(dump(pod))
    assert done.returncode == 1
    assert 'violates PodSecurity "restricted:' in done.stderr


def test_each_namespace_keeps_its_own_name_and_its_own_level(
    plane: Plane, applied: list[Object], overlay: str
) -> None:
    """An entry's `namespace:` renames every Namespace beside it: another one is in `platform/`."""
    label = "pod-security.kubernetes.io/enforce"
    levels = {
        each["metadata"]["name"]: plane.get("namespace", each["metadata"]["name"])["metadata"]["labels"][
            label
        ]
        for each in applied
        if each["kind"] == "Namespace"
    }
    assert levels == {"asky": "restricted", "asky-monitoring": "privileged"}


def test_every_pod_refuses_service_links_and_a_token_it_has_no_use_for(
    plane: Plane, applied: list[Object]
) -> None:
    """POSTGRES_PORT=tcp://… crashes programs; only what speaks to the API server has a token."""
    settled(plane, applied)
    pods = [each for each in plane.get("pods") if "cnpg.io/cluster" not in each["metadata"]["labels"]]
    assert {each["spec"]["enableServiceLinks"] for each in pods} == {False}
    assert {
        each["spec"]["serviceAccountName"] for each in pods if each["spec"]["automountServiceAccountToken"]
    } <= {"secrets"}


@pytest.mark.parametrize("overlay", ["minikube"], indirect=True)
def test_the_account_that_makes_the_secrets_may_do_nothing_else(plane: Plane, applied: list[Object]) -> None:
    account = "system:serviceaccount:asky:secrets"
    allowed = {
        f"{verb} {what}"
        for verb in ("get", "list", "watch", "create", "update", "patch", "delete")
        for what in (
            "secrets",
            "secret/auth-db",
            "secret/auth",
            "secret/other",
            "pods",
            "configmaps",
            "roles",
        )
        if plane.may(account, verb, what)
    }
    creates = {f"create {what}" for what in ("secrets", "secret/auth-db", "secret/auth", "secret/other")}
    assert allowed == {*creates, "get secret/auth-db", "get secret/auth", "patch secret/auth"}


def test_an_unknown_field_is_refused(plane: Plane, applied: list[Object]) -> None:
    spoiled = next(each for each in applied if each["kind"] == "Deployment")
    spoiled = {**spoiled, "spec": {**spoiled["spec"], "replica": 3}}
    done = plane.try_apply(dump(spoiled))
    assert done.returncode == 1
    assert "field not declared in schema" in done.stderr


def test_a_workload_that_would_be_refused_later_is_a_failure_now(plane: Plane, applied: list[Object]) -> None:
    spoiled = next(each for each in applied if each["kind"] == "Deployment")
    template = spoiled["spec"]["template"]
    privileged = {**template["spec"], "hostNetwork": True}
    spoiled = {**spoiled, "spec": {**spoiled["spec"], "template": {**template, "spec": privileged}}}
    done = plane.try_apply(dump(spoiled))
    assert done.returncode == 1
    assert "host namespaces (hostNetwork=true)" in done.stderr


def test_what_a_definitions_rules_forbid_is_refused(
    plane: Plane, applied: list[Object], overlay: str
) -> None:
    """The CEL rules of CloudNativePG 1.30: imageName or imageCatalogRef, never both."""
    cluster = {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": {"name": "both", "namespace": "default"},
        "spec": {
            "instances": 1,
            "storage": {"size": "1Gi"},
            "imageName": "postgresql:17",
            "imageCatalogRef": {
                "apiGroup": "postgresql.cnpg.io",
                "kind": "ImageCatalog",
                "name": "c",
                "major": 17,
            },
        },
    }
    done = plane.try_apply(dump(cluster))
    assert done.returncode == 1
    assert "imageName and imageCatalogRef are mutually exclusive" in done.stderr
