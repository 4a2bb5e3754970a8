"""Argo CD deploys both overlays from git, keeps them as git says, and never touches data."""

import pytest
import yaml

from tests.e2e.deployment import Deployment
from tests.e2e.observed import (
    answers,
    condition,
    database_ready,
    done,
    field,
    is_broken,
    made,
    services,
    services_pods,
    since,
    tables,
)
from tests.e2e.plane import wait

DATA = {
    "minikube": ("statefulset", "postgres", "postgres/statefulset.yaml"),
    "eks": ("cluster.postgresql.cnpg.io", "asky-db", "postgres/cluster.yaml"),
}
"""Overlay to the object that holds the data: kind, name, file under generated/."""


def test_the_first_sync_brings_up_each_wave_after_the_one_before_is_done(
    deployment: Deployment, overlay: str
) -> None:
    plane = deployment.plane
    programs = services(plane)
    order = [
        ("the database is made", made(plane.get(*DATA[overlay][:2]))),
        ("the database is ready", database_ready(deployment)),
        *(
            [("the roles are made", done(plane.get("job", "postgres-roles")))]
            if overlay == "minikube"
            else []
        ),
        ("the migrations have run", done(plane.get("job", "migrations"))),
        *([("the seeds are loaded", done(plane.get("job", "seeds")))] if overlay == "minikube" else []),
        ("the first service is made", min(made(each) for each in programs)),
        ("every service answers", max(answers(deployment, each) for each in programs)),
        ("the ingress is made", made(plane.get("ingress", "gateway"))),
    ]
    if overlay == "minikube":
        order.insert(0, ("the secrets are made", done(plane.get("job", "secrets"))))
    else:
        order.insert(
            0, ("the secrets are made", max(since(each, "Ready") for each in plane.get("externalsecrets")))
        )
    order.insert(0, ("the SQL is there", made(plane.get("configmap", "sql-migrations"))))
    order.insert(0, ("the policies are there", made(plane.get("networkpolicy", "default-deny"))))
    assert order == sorted(order, key=lambda step: step[1])


def test_the_first_sync_needs_no_second_attempt(deployment: Deployment) -> None:
    operation = deployment.first["status"]["operationState"]
    assert (operation["phase"], operation.get("retryCount", 0)) == ("Succeeded", 0)


def test_no_job_of_the_first_sync_needed_a_second_pod(deployment: Deployment, overlay: str) -> None:
    """On eks the roles come after the Cluster says it is healthy: the migrations wait for them."""
    expected = {"minikube": ["migrations", "postgres-roles", "secrets", "seeds"], "eks": ["migrations"]}
    pods = [
        each["metadata"]["labels"]["batch.kubernetes.io/job-name"]
        for each in deployment.plane.get("pods")
        if each["metadata"]["ownerReferences"][0]["kind"] == "Job"
    ]
    assert sorted(pods) == expected[overlay]


def test_a_second_sync_changes_nothing_but_the_hooks(at_rest: Deployment) -> None:
    """No object says anything else, no Secret either, and no pod of a service has a successor."""
    before, pods = at_rest.contents(), services_pods(at_rest)
    at_rest.sync_again()
    assert at_rest.contents() == before
    assert services_pods(at_rest) == pods


def look_again(deployment: Deployment) -> None:
    """Have Argo CD compare the Application with git once more."""
    before = deployment.application()["status"]["reconciledAt"]
    deployment.refresh()
    wait(
        "Argo CD has looked again",
        lambda: deployment.application()["status"]["reconciledAt"] != before,
        why=deployment.explain,
    )


def test_git_that_does_not_change_starts_no_sync(at_rest: Deployment) -> None:
    started = at_rest.operation()["startedAt"]
    for _ in range(3):
        look_again(at_rest)
    assert at_rest.operation().get("startedAt") == started


def test_an_image_bump_rolls_that_service_alone(at_rest: Deployment, overlay: str) -> None:
    before = services_pods(at_rest)
    at_rest.repository.bump(overlay, "auth", "1.4.3")
    at_rest.wait_for(at_rest.repository.push("auth 1.4.3"))
    after = services_pods(at_rest)
    assert {name.split("-")[0] for name in after - before} == {"auth"}
    images = {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]["containers"][0]["image"]
        for each in services(at_rest.plane)
    }
    assert images == {
        "auth": "ghcr.io/acme/auth:1.4.3",
        **{name: f"ghcr.io/acme/{name}:1.4.2" for name in ("gateway", "pyxis", "requests")},
    }


def test_an_image_that_never_answers_leaves_the_old_pods_serving_until_the_next_commit(
    spoiled: Deployment, overlay: str
) -> None:
    """The roll-out's deadline ends the sync; here it is shorter than Kubernetes' own."""
    before = services_pods(spoiled)
    hurry = [{"op": "add", "path": "/spec/progressDeadlineSeconds", "value": 20}]
    target = {"kind": "Deployment", "name": "auth"}
    spoiled.repository.customise(overlay, "patches", {"target": target, "patch": yaml.safe_dump(hurry)})
    spoiled.repository.bump(overlay, "auth", "broken")
    spoiled.repository.push("auth that does not answer")
    spoiled.refresh()
    wait(
        "a new pod that is not ready",
        lambda: [each for each in spoiled.plane.get("pods") if is_broken(each)],
        why=spoiled.explain,
    )
    serving = {
        each["metadata"]["name"] for each in spoiled.plane.get("pods") if condition(each, "Ready") == "True"
    }
    assert before <= serving


def test_a_removed_service_is_pruned_and_nothing_else(spoiled: Deployment) -> None:
    before = set(spoiled.contents())
    spoiled.repository.drop_service("requests")
    spoiled.wait_for(spoiled.repository.push("no requests"))
    gone = before - set(spoiled.contents())
    # Nobody else reads from replicas: the Service for that goes with its only reader.
    assert {each.split("/")[1] for each in gone} <= {"requests", "requests-db", "postgres-ro"}
    assert {
        "Deployment/requests",
        "Service/requests",
        "ServiceAccount/requests",
        "NetworkPolicy/requests",
    } <= gone


def test_data_whose_manifest_is_removed_from_git_stays(spoiled: Deployment, overlay: str) -> None:
    kind, name, file = DATA[overlay]
    uid = spoiled.plane.get(kind, name)["metadata"]["uid"]
    claims = {each["metadata"]["uid"] for each in spoiled.plane.get("pvc")}
    spoiled.repository.replace(f"overlays/{overlay}/generated/kustomization.yaml", f"- {file}\n", "")
    revision = spoiled.repository.push("forget the database")
    spoiled.refresh()
    wait(
        "Argo CD has synced without the database",
        lambda: (
            (state := spoiled.operation()).get("phase") == "Succeeded"
            and state["syncResult"]["revision"] == revision
        ),
        why=spoiled.explain,
    )
    live = spoiled.plane.get(kind, name)["metadata"]
    assert (live["uid"], live.get("deletionTimestamp")) == (uid, None)
    assert {each["metadata"]["uid"] for each in spoiled.plane.get("pvc")} == claims


def test_a_migration_that_fails_stops_the_sync_and_the_next_good_commit_recovers_it(
    at_rest: Deployment, overlay: str
) -> None:
    before = services_pods(at_rest)
    bad = at_rest.repository.add_migration(
        "broken", "CREATE TABLE auth.half (id int); SELECT 1/0;", "DROP TABLE auth.half;"
    )
    at_rest.repository.bump(overlay, "gateway", "2.0.0")
    at_rest.repository.push("a migration that fails, and a service that needs it")
    at_rest.refresh()
    wait(
        "the migration Job has failed",
        lambda: condition(at_rest.plane.find("job", "migrations"), "Failed") == "True",
        why=at_rest.explain,
    )
    assert services_pods(at_rest) == before
    assert "auth.half" not in tables(at_rest)
    bad.write_text(bad.read_text("utf-8").replace(" SELECT 1/0;", ""), "utf-8")
    at_rest.repository.generate("--amend-migration", str(int(bad.name[:4])))
    at_rest.wait_for(at_rest.repository.push("the same migration, mended"))
    assert "auth.half" in tables(at_rest)
    assert {name.split("-")[0] for name in services_pods(at_rest) - before} == {"gateway"}


def test_new_sql_runs_the_migration_job_again_with_it(at_rest: Deployment) -> None:
    first = at_rest.plane.get("job", "migrations")["metadata"]["uid"]
    at_rest.repository.add_migration("notes", "CREATE TABLE pyxis.notes (id int);", "DROP TABLE pyxis.notes;")
    at_rest.wait_for(at_rest.repository.push("notes"))
    assert at_rest.plane.get("job", "migrations")["metadata"]["uid"] != first
    assert "pyxis.notes" in tables(at_rest)


def test_another_migrator_runs_the_migration_job_again_with_it(spoiled: Deployment) -> None:
    """Hooks are not in what Argo CD compares; the image stands on the SQL's ConfigMap, which is."""
    first = spoiled.plane.get("job", "migrations")["metadata"]["uid"]
    lock = spoiled.repository.work / "asky.lock"
    image = yaml.safe_load(lock.read_text("utf-8"))["images"]["dbmate"]
    spoiled.repository.replace("asky.lock", image, "ghcr.io/amacneil/dbmate:99.0.0")
    spoiled.repository.generate()
    spoiled.wait_for(spoiled.repository.push("another dbmate"))
    job = spoiled.plane.get("job", "migrations")
    assert job["metadata"]["uid"] != first
    assert field(job, "spec.template.spec.containers.0.image") == "ghcr.io/amacneil/dbmate:99.0.0"


@pytest.mark.parametrize(
    ("kind", "name", "patch", "place"),
    [
        (
            "deployment",
            "auth",
            '{"spec":{"template":{"spec":{"containers":[{"name":"auth","image":"evil:1"}]}}}}',
            "spec.template.spec.containers.0.image",
        ),
        ("service", "gateway", '{"spec":{"type":"NodePort"}}', "spec.type"),
        ("networkpolicy", "default-deny", '{"spec":{"ingress":[{}]}}', "spec.ingress.0"),
    ],
    ids=["an image", "a Service's type", "the default deny"],
)
def test_a_hand_edit_is_taken_back(at_rest: Deployment, kind: str, name: str, patch: str, place: str) -> None:
    before = field(at_rest.plane.get(kind, name), place)
    at_rest.plane.kubectl("patch", kind, name, "-n", "asky", "-p", patch)
    wait(
        f"{kind} {name} is as git says",
        lambda: field(at_rest.plane.get(kind, name), place) == before,
        why=at_rest.explain,
    )


def test_a_deleted_object_comes_back(at_rest: Deployment) -> None:
    at_rest.plane.kubectl("delete", "deployment", "pyxis", "-n", "asky")
    wait("Deployment pyxis is back", lambda: at_rest.plane.exists("deployment", "pyxis"), why=at_rest.explain)
    at_rest.wait_for(at_rest.repository.head())


def test_the_stacks_project_refuses_what_the_stack_does_not_render(spoiled: Deployment, overlay: str) -> None:
    intruder = spoiled.repository.work / "overlays" / overlay / "custom" / "secret.yaml"
    intruder.write_text("apiVersion: v1\nkind: Secret\nmetadata: {name: intruder}\n", "utf-8")
    spoiled.repository.customise(overlay, "resources", "secret.yaml")
    spoiled.repository.push("a Secret in git")
    spoiled.refresh()
    wait(
        "Argo CD refuses the Secret",
        lambda: "is not permitted in project" in spoiled.explain(),
        why=spoiled.explain,
    )
    assert not spoiled.plane.exists("secret", "intruder")


@pytest.mark.parametrize("overlay", ["minikube"], indirect=True)
def test_without_the_health_overrides_an_ingress_without_an_address_would_hold_the_sync(
    at_rest: Deployment,
) -> None:
    key = "resource.customizations.health.networking.k8s.io_Ingress"
    ours = at_rest.plane.get("configmap", "argocd-cm", "argocd")["data"][key]
    assert at_rest.health_of("Ingress", "gateway") == "Healthy"
    at_rest.plane.merge("configmap", "argocd-cm", {"data": {key: None}}, "argocd")
    try:
        wait(
            "Argo CD's own check says that the Ingress is not there yet",
            lambda: at_rest.health_of("Ingress", "gateway") == "Progressing",
            why=at_rest.explain,
        )
    finally:
        at_rest.plane.merge("configmap", "argocd-cm", {"data": {key: ours}}, "argocd")
    at_rest.wait_for(at_rest.repository.head())


def test_a_deleted_application_leaves_the_stack_running_and_comes_back_to_it(at_rest: Deployment) -> None:
    before, pods = at_rest.contents(), services_pods(at_rest)
    at_rest.plane.kubectl("delete", "applications.argoproj.io", at_rest.name, "-n", "argocd")
    assert not at_rest.plane.exists("applications.argoproj.io", at_rest.name, "argocd")
    at_rest.bootstrap()
    at_rest.wait_for(at_rest.repository.head())
    at_rest.sync_again()
    assert set(at_rest.contents()) == set(before)
    assert services_pods(at_rest) == pods
