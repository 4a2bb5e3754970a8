"""Everything a database can be told on EKS, by Argo CD: operators' objects, long SQL, a new password."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import specs
from tests.e2e.client import of_service
from tests.e2e.deployment import Deployment, deployed
from tests.e2e.observed import field, services_pods
from tests.e2e.plane import dump, wait
from tests.e2e.repository import Repository

ANNOTATIONS = 262144
"""Bytes that an object's annotations may hold, the copy that a client-side apply keeps of it among them."""
PHASES = {
    ("cluster", "asky-db"): "Cluster in healthy state",
    ("pooler", "asky-db-pooler-ro"): "active",
    ("pooler", "asky-db-pooler-rw"): "active",
}
WORDS = {
    "AT": "12:30:00",
    "COLOUR": "0x10",
    "DOTS": ".0.",
    "FOLDER": "~",
    "MARK": "_",
    "NOTHING": "null",
    "RATE": "1e3",
    "Y": "off",
    "ZEROS": "007",
}


@pytest.fixture(scope="module")
def data(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Deploy the stack that says everything about its database through Argo CD, from nothing."""
    repository = Repository(tmp_path_factory.mktemp("data"), programs, specs.data())
    with deployed(programs, repository, "eks") as deployment:
        yield deployment


def test_the_first_sync_brings_up_every_kind_and_needs_no_second_attempt(data: Deployment) -> None:
    operation = data.first["status"]["operationState"]
    assert (operation["phase"], operation.get("retryCount", 0)) == ("Succeeded", 0)
    asked = {"Cluster", "ExternalSecret", "ObjectStore", "PodMonitor", "Pooler", "PrometheusRule"}
    assert {*asked, "ScheduledBackup"} <= {each["kind"] for each in data.first["status"]["resources"]}


def test_what_the_operators_make_of_it_stays_through_a_second_sync(data: Deployment) -> None:
    backup = wait(
        "the first backup is complete",
        lambda: next(
            (each for each in data.plane.get("backups.postgresql.cnpg.io") if is_complete(each)), None
        ),
        why=data.explain,
    )
    assert backup["metadata"]["ownerReferences"][0]["kind"] == "Cluster"
    before, pods = data.contents(), services_pods(data)
    data.sync_again()
    data.wait_for(data.repository.head())
    assert data.contents() == before
    assert services_pods(data) == pods
    assert {f"Backup/{backup['metadata']['name']}", "Deployment/asky-db-pooler-rw"} <= set(before)
    assert {one: field(data.plane.get(*one), "status.phase") for one in PHASES} == PHASES
    assert set(field(data.plane.get("objectstore", "asky-db-backup"), "status.serverRecoveryWindow")) == {
        "asky-db"
    }


def test_words_that_yaml_takes_for_something_else_arrive_as_they_are(data: Deployment) -> None:
    """The API server would refuse a number; here it is asked what it has."""
    env = data.plane.get("deployment", "auth")["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {one["name"]: one["value"] for one in env if one["name"] in WORDS} == WORDS
    assert set(data.plane.get("secret", "auth")["data"]) == {"ON", "SMTP_PASSWORD"}
    remote = data.plane.get("externalsecret", "auth")["spec"]["data"]
    assert [(one["remoteRef"]["key"], one["remoteRef"]["property"]) for one in remote] == [
        ("1e3/auth", "ON"),
        ("1e3/0x10", "no"),
    ]
    assert data.plane.get("podmonitor", "asky-db")["metadata"]["labels"]["release"] == "on"


def test_sql_that_an_annotation_could_not_hold_is_synced_and_run(data: Deployment) -> None:
    config = data.plane.get("configmap", "sql-migrations")
    assert sum(map(len, config["data"].values())) > 3 * ANNOTATIONS
    comment = data.superuser("SELECT obj_description(oid) FROM pg_namespace WHERE nspname = 'no'", "clinic")
    assert comment.strip() == "969"
    kept = {key: value for key, value in config["metadata"].items() if key in ("name", "namespace", "labels")}
    plain = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {**kept, "name": "plain"},
        "data": config["data"],
    }
    refused = data.plane.try_kubectl("apply", "-f", "-", input=dump(plain))
    assert re.search(f"annotations: Too long: may not be more than {ANNOTATIONS} bytes", refused.stderr)


def test_a_password_changed_at_the_provider_reaches_its_role(data: Deployment, tmp_path: Path) -> None:
    before = data.values(data.plane.get("secret", "auth-db"))["password"]
    data.plane.kubectl("annotate", "externalsecret", "auth-db", "-n", "asky", "force-sync=1", "--overwrite")
    wait(
        "the Secret has another password",
        lambda: data.values(data.plane.get("secret", "auth-db"))["password"] != before,
        why=data.explain,
    )
    own = of_service(data, "auth", tmp_path)
    wait("the role takes it", lambda: own.logs_in("auth"), why=data.explain)
    assert "password authentication failed" in own.log_in(before).stderr


def is_complete(backup: dict[str, object]) -> bool:
    """Tell whether a backup is over and well."""
    return bool(field(backup, "status.phase") == "completed")
