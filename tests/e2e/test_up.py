"""`doctor` and `up` in a cluster of their own, without Argo CD, as a person types them."""

import re
import signal

from tests.conftest import Outcome
from tests.e2e.living import (
    Asky,
    Begun,
    at_work,
    screen,
    stopped,
    take_back,
    uids,
    until,
    up_text,
    without_times,
)
from tests.e2e.plane import Plane, dump
from tests.e2e.repository import Repository


def test_doctor_names_what_is_missing_with_its_remedy(asky: Asky, overlay: str) -> None:
    said = asky("doctor")

    assert (said.status, said.err) == (1, "")
    cluster = said.out.partition("in the cluster (e2e)\n")[2]
    page = f"docs/bootstrap/{overlay}.md"
    enforced = {
        "minikube": "a cluster with a plugin that enforces them: "
        "minikube delete, minikube start --cni=calico",
        "eks": f"turn them on in the VPC CNI add-on (enableNetworkPolicy): {page}",
    }
    ingress = {
        "minikube": ["IngressClass missing: no nginx", "remedy: minikube addons enable ingress"],
        "eks": ["IngressClass missing: no alb", f"remedy: install its controller: {page}"],
    }
    lacking = [
        *ingress[overlay],
        "NetworkPolicies could not tell: no network plugin is known here that enforces them",
        f"remedy: {enforced[overlay]}",
    ]
    words = [" ".join(line.split()) for line in cluster.splitlines()]
    assert [line for line in words if "missing" in line or "tell" in line or "remedy" in line][:4] == lacking
    assert "  apps/v1 " in cluster and "  networking.k8s.io/v1  " in cluster


def test_doctor_lists_the_secrets_to_make_at_the_provider(asky: Asky, overlay: str) -> None:
    _, heading, listed = asky("doctor").out.partition("secrets at the provider\n")
    if overlay == "minikube":
        assert heading == ""
        return
    assert [line.split()[0] for line in listed.splitlines()] == [
        "asky/prod/auth",
        "asky/prod/auth-db",
        "asky/prod/migrations-db",
        "asky/prod/pyxis-db",
        "asky/prod/requests-db",
        "remedy:",
    ]
    assert "  asky/prod/auth           could not tell: property JWT_KEY, not read yet\n" in listed
    assert listed.endswith("    remedy: make each at the provider: docs/bootstrap/eks.md, Secrets\n")


def test_a_dry_run_names_the_waves_and_changes_nothing(asky: Asky, plane: Plane) -> None:
    before = plane.kubectl("get", "namespaces", "-o", "name")

    said = asky("up", "--dry-run")

    assert said.status == 0
    assert said.out.endswith("  nothing was applied · next: the same without --dry-run\n")
    assert plane.kubectl("get", "namespaces", "-o", "name") == before


def test_an_interrupt_is_one_line_leaves_nobody_at_work_and_the_next_run_goes_on(
    asky: Asky, begun: Begun, plane: Plane, own: Repository, overlay: str
) -> None:
    with begun("up") as process:
        until(process, "  base  ")
        said = stopped(process, signal.SIGINT)
    again = f"`asky-gitops up --overlay {overlay}`"
    assert said == (130, f"interrupted: what is there stays, and {again} goes on from it\n")
    assert at_work(own.work) == []
    assert plane.exists("namespace", "asky")

    done = asky("up")

    assert (done.status, done.err, without_times(done.out)) == (0, "", up_text(overlay))
    assert asky("down", "--yes").status == 0


def test_up_brings_up_wave_after_wave_and_again_changes_no_pod(
    is_up: Outcome, asky: Asky, plane: Plane, overlay: str
) -> None:
    assert (is_up.err, without_times(is_up.out)) == ("", up_text(overlay))
    before = uids(plane)

    again = asky("up")

    assert (again.status, without_times(again.out)) == (0, up_text(overlay))
    assert before <= uids(plane)  # an autoscaler may have added others


def test_on_a_terminal_what_is_waited_for_is_shown_in_place(
    is_up: Outcome, on_terminal: Asky, overlay: str
) -> None:
    said = on_terminal("up")

    lines = [re.sub("^  (?=base|secr|data|role|migr|seed|serv|ingr)", "  ✓ ", line) for line in
             up_text(overlay).splitlines(keepends=True)]  # fmt: skip
    assert (said.status, without_times(screen(said.out))) == (0, "".join(lines))
    assert re.findall(r"\r\x1b\[K  … (\w+)  ", said.out)[:1] == ["base"]
    assert (
        "\r\x1b[K  … migrations  " in said.out
    )  # "1 Job", then "migrations running" when it takes that long


def test_doctor_is_content_with_the_secrets_that_were_read(is_up: Outcome, asky: Asky, overlay: str) -> None:
    listed = asky("doctor").out.partition("secrets at the provider\n")[2]
    assert "could not tell" not in listed
    assert ("asky/prod/auth  " in listed) == (overlay == "eks")


def test_a_pod_that_is_not_let_in_stops_the_wave_with_the_reason_and_the_next_run_goes_on(
    is_up: Outcome, asky: Asky, plane: Plane, edited: Repository, overlay: str
) -> None:
    patch = "- {op: add, path: /spec/template/spec/hostNetwork, value: true}\n"
    edited.customise(overlay, "patches", {"target": {"kind": "Deployment", "name": "auth"}, "patch": patch})

    said = asky("up", "--timeout", "8")

    assert said.status == 1
    stopped, why, *_, next_ = said.err.splitlines()
    assert re.fullmatch(r"stopped after \d+ s: Deployment asky/auth is not ready", stopped)
    assert why.startswith('  why   FailedCreate: pods "auth-') and 'violates PodSecurity "restricted:' in why
    assert next_ == (
        f"  next  cure it, then `asky-gitops up --overlay {overlay}` again (what is ready stays)"
    )
    take_back(edited)
    assert asky("up").status == 0


def test_a_migration_that_fails_stops_before_the_services(
    is_up: Outcome, asky: Asky, edited: Repository, overlay: str
) -> None:
    edited.add_migration("broken", "CREATE TABLE auth.broken (id no_such_type);", "DROP TABLE auth.broken;")

    said = asky("up")

    assert said.status == 1
    assert re.search(r"^stopped after \d+ s: Job asky/migrations is not ready\n  why   ", said.err)
    assert "services" not in said.out


def test_what_the_api_server_does_not_take_is_said_in_its_words(
    is_up: Outcome, asky: Asky, edited: Repository, overlay: str
) -> None:
    patch = "- {op: add, path: /spec/replica, value: 3}\n"
    edited.customise(overlay, "patches", {"target": {"kind": "Deployment", "name": "auth"}, "patch": patch})

    said = asky("up")

    assert said.status == 1
    assert said.err.startswith("error: wave services: ") and "spec.replica: field not declared" in said.err


def test_a_field_that_somebody_else_set_is_a_conflict(is_up: Outcome, asky: Asky, plane: Plane) -> None:
    plane.kubectl("scale", "deployment", "pyxis", "-n", "asky", "--replicas=3")

    said = asky("up")

    assert said.status == 1
    assert said.err.startswith("error: wave services: ") and ".spec.replicas" in said.err
    assert said.err.endswith(
        "hint: somebody else set these fields: put the value into asky.yaml, or take it back there\n"
    )
    plane.kubectl("delete", "deployment", "pyxis", "-n", "asky")
    assert asky("up").status == 0


def test_a_stale_tree_is_refused(asky: Asky, edited: Repository) -> None:
    edited.replace("asky.yaml", "auth:1.4.2", "auth:1.4.3")
    assert asky("up") == Outcome(
        1, "", "error: the tree is older than asky.yaml\nhint: asky-gitops generate\n"
    )


def test_a_namespace_that_argo_cd_manages_is_refused(is_up: Outcome, asky: Asky, plane: Plane) -> None:
    words = "hint: commit and push: Argo CD brings it up; or delete its Application first\n"
    application = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "theirs", "namespace": "default"},
        "spec": {
            "project": "default",
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "asky"},
            "source": {"repoURL": "https://git.example.org/asky/deploy.git", "path": "."},
        },
    }
    plane.apply(dump(application))
    for verb in (("up",), ("down", "--yes")):
        assert asky(*verb) == Outcome(
            1, "", f"error: Argo CD's Application theirs manages namespace asky\n{words}"
        )
    plane.kubectl("delete", "application.argoproj.io", "theirs", "-n", "default")

    mark = "argocd.argoproj.io/tracking-id"
    plane.kubectl("annotate", "service", "auth", "-n", "asky", f"{mark}=asky-eks:/Service:asky/auth")
    for verb in (("up",), ("down", "--yes")):
        assert asky(*verb) == Outcome(1, "", f"error: Argo CD manages namespace asky (Service auth)\n{words}")
    plane.kubectl("annotate", "service", "auth", "-n", "asky", f"{mark}-")
