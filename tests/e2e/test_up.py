"""`doctor`, `up` and `down` in a cluster of their own, without Argo CD, as a person types them."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Outcome, git
from tests.e2e.deployment import Repository
from tests.e2e.plane import Object, Plane, dump

Asky = Callable[..., Outcome]
Run = Callable[..., Outcome]
SERVICES = {
    "minikube": "node-exporter 3/3 · auth 1/1 · gateway 1/1 · pyxis 1/1 · requests 1/1",
    "eks": "node-exporter 3/3 · auth 2/2 · gateway 1/1 · pyxis 2/2 · requests 2/2",
}
WAVES = {
    "minikube": """\
  base        …   0.0 s
  secrets     secrets done   0.0 s
  database    postgres 1/1   0.0 s
  roles       postgres-roles done   0.0 s
  migrations  migrations done   0.0 s
  seeds       seeds done   0.0 s
  services    {services}   0.0 s
  ingress     1 Ingress   0.0 s
""",
    "eks": """\
  base        …   0.0 s
  secrets     5 ExternalSecrets   0.0 s
  database    asky-db 3/3   0.0 s
  migrations  migrations done   0.0 s
  services    {services}   0.0 s
  ingress     4 PodDisruptionBudgets, 1 HorizontalPodAutoscaler, 1 Ingress   0.0 s
""",
}
HOSTS = {"minikube": "asky.local", "eks": "asky.example.org"}
CLAIMS = {
    "minikube": ["asky/data-postgres-0 (10Gi)"],
    "eks": ["asky/asky-db-1 (10Gi)", "asky/asky-db-2 (10Gi)", "asky/asky-db-3 (10Gi)"],
}


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
def is_up(asky: Asky) -> Outcome:
    """Bring the overlay up."""
    said = asky("up")
    assert said.status == 0, said.out + said.err
    return said


@pytest.fixture
def spoiled(own: Repository) -> Iterator[Repository]:
    """Give a test the repository, and take back what it changed."""
    yield own
    take_back(own)


def take_back(repository: Repository) -> None:
    """Bring the work tree back to the last commit."""
    git(repository.work, "checkout", "--quiet", "--", ".")
    git(repository.work, "clean", "--quiet", "--force", "-d")


def without_times(text: str) -> str:
    """Return an output with every time as 0.0 s, and without the number of objects in the first wave."""
    text = re.sub(r"(base {8}).*(   \d)", r"\1…\2", text)
    return re.sub(r"\d+\.\d s", "0.0 s", text)


def screen(shown: str) -> str:
    """Return what a terminal shows in the end: a line that was written over is gone, and so is colour."""
    lines = [line.rsplit("\r\x1b[K", 1)[-1] for line in shown.split("\n")]
    return re.sub(r"\x1b\[\d+m", "", "\n".join(lines))


def up_text(overlay: str) -> str:
    """Return what `up` prints on no terminal."""
    waves = WAVES[overlay].format(services=SERVICES[overlay])
    return (
        f"{waves}  up in e2e   hosts: {HOSTS[overlay]}\n"
        f"  next: kubectl --namespace asky get pods · asky-gitops down --overlay {overlay}\n"
    )


def uids(plane: Plane) -> set[str]:
    """Return the pods of the stack that no Job made, by their identity."""
    pods: list[Object] = plane.get("pods")
    return {one["metadata"]["uid"] for one in pods if "job-name" not in one["metadata"]["labels"]}


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
    assert listed.endswith(
        "    remedy: make each at the provider: docs/bootstrap/eks.md, The secrets' values\n"
    )


def test_a_dry_run_names_the_waves_and_changes_nothing(asky: Asky, plane: Plane) -> None:
    before = plane.kubectl("get", "namespaces", "-o", "name")

    said = asky("up", "--dry-run")

    assert said.status == 0
    assert said.out.endswith("  nothing was applied · next: the same without --dry-run\n")
    assert plane.kubectl("get", "namespaces", "-o", "name") == before


def test_up_brings_up_wave_after_wave_and_again_changes_no_pod(
    is_up: Outcome, asky: Asky, plane: Plane, overlay: str
) -> None:
    assert (is_up.err, without_times(is_up.out)) == ("", up_text(overlay))
    before = uids(plane)

    again = asky("up")

    assert (again.status, without_times(again.out)) == (0, up_text(overlay))
    assert uids(plane) == before


def test_on_a_terminal_what_is_waited_for_is_shown_in_place(
    is_up: Outcome, on_terminal: Asky, overlay: str
) -> None:
    said = on_terminal("up")

    lines = [re.sub("^  (?=base|secr|data|role|migr|seed|serv|ingr)", "  ✓ ", line) for line in
             up_text(overlay).splitlines(keepends=True)]  # fmt: skip
    assert (said.status, without_times(screen(said.out))) == (0, "".join(lines))
    assert "\r\x1b[K  … migrations  migrations running" in said.out


def test_doctor_is_content_with_the_secrets_that_were_read(is_up: Outcome, asky: Asky, overlay: str) -> None:
    listed = asky("doctor").out.partition("secrets at the provider\n")[2]
    assert "could not tell" not in listed
    assert ("asky/prod/auth  " in listed) == (overlay == "eks")


def test_a_pod_that_is_not_let_in_stops_the_wave_with_the_reason_and_the_next_run_goes_on(
    is_up: Outcome, asky: Asky, plane: Plane, spoiled: Repository, overlay: str
) -> None:
    patch = "- {op: add, path: /spec/template/spec/hostNetwork, value: true}\n"
    spoiled.customise(overlay, "patches", {"target": {"kind": "Deployment", "name": "auth"}, "patch": patch})

    said = asky("up", "--timeout", "8")

    assert said.status == 1
    stopped, why, *_, next_ = said.err.splitlines()
    assert re.fullmatch(r"stopped after \d+ s: Deployment asky/auth is not ready", stopped)
    assert why.startswith('  why   FailedCreate: pods "auth-') and 'violates PodSecurity "restricted:' in why
    assert next_ == (
        f"  next  cure it, then `asky-gitops up --overlay {overlay}` again (what is ready stays)"
    )
    take_back(spoiled)
    assert asky("up").status == 0


def test_a_migration_that_fails_stops_before_the_services(
    is_up: Outcome, asky: Asky, spoiled: Repository, overlay: str
) -> None:
    spoiled.add_migration("broken", "CREATE TABLE auth.broken (id no_such_type);", "DROP TABLE auth.broken;")

    said = asky("up")

    assert said.status == 1
    assert re.search(r"^stopped after \d+ s: Job asky/migrations is not ready\n  why   ", said.err)
    assert "services" not in said.out


def test_what_the_api_server_does_not_take_is_said_in_its_words(
    is_up: Outcome, asky: Asky, spoiled: Repository, overlay: str
) -> None:
    patch = "- {op: add, path: /spec/replica, value: 3}\n"
    spoiled.customise(overlay, "patches", {"target": {"kind": "Deployment", "name": "auth"}, "patch": patch})

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


def test_a_stale_tree_is_refused(asky: Asky, spoiled: Repository) -> None:
    spoiled.replace("asky.yaml", "auth:1.4.2", "auth:1.4.3")
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


def test_down_asks_and_a_no_removes_nothing(
    is_up: Outcome, on_terminal: Asky, asky: Asky, overlay: str
) -> None:
    goes = "  goes     namespace asky-monitoring\n  goes     namespace asky\n"
    listed = "  in e2e\n" + goes + "".join(f"  goes     data {claim}\n" for claim in CLAIMS[overlay])

    said = on_terminal("down", typed="n\n")
    assert (said.status, said.out.removeprefix("n\n")) == (
        1,
        f"{listed}remove it? [y/N]:   nothing was removed\n",
    )
    assert asky("down") == Outcome(2, listed, "error: nobody is here to ask\nhint: --yes answers for you\n")
    assert asky("down", "--dry-run") == Outcome(
        0, f"{listed}  nothing was removed · next: the same without --dry-run\n", ""
    )


def test_keep_data_keeps_claims_volumes_and_passwords(is_up: Outcome, asky: Asky, plane: Plane) -> None:
    kept = [*identities(plane, "persistentvolumeclaims"), *identities(plane, "persistentvolumes")]
    before = identities(plane, "secrets")

    assert asky("down", "--keep-data", "--yes").status == 0

    assert [*identities(plane, "persistentvolumeclaims"), *identities(plane, "persistentvolumes")] == kept
    assert plane.get("deployments") == []
    assert "asky-db-ca" in plane.kubectl("get", "secrets", "-n", "asky", "-o", "name")
    assert set(identities(plane, "secrets")) <= set(before)
    assert asky("up").status == 0
    assert [*identities(plane, "persistentvolumeclaims"), *identities(plane, "persistentvolumes")] == kept


def identities(plane: Plane, kind: str) -> list[str]:
    """Return the identity of every object of a kind in the stack's namespace, or in the cluster."""
    return sorted(one["metadata"]["uid"] for one in plane.get(kind))


def test_down_removes_the_stack_and_nothing_else(
    is_up: Outcome, asky: Asky, plane: Plane, overlay: str
) -> None:
    stranger = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "theirs"}}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "theirs", "namespace": "theirs"}}
    claim = {
        "accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "1Gi"},
        "hostPath": {"path": "/theirs"},
    }
    volume = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "theirs"}, "spec": claim}
    plane.apply(dump(stranger))
    plane.apply(dump(config, volume))
    namespaces = "namespaces,storageclasses,ingressclasses,crd"
    before = set(plane.kubectl("get", namespaces, "-o", "name").split())

    said = asky("down", "--yes")

    assert said.status == 0
    assert without_times(said.out).endswith(
        "  namespace asky-monitoring removed   0.0 s\n"
        "  namespace asky removed   0.0 s\n"
        f"  {len(CLAIMS[overlay])} volume{'' if overlay == 'minikube' else 's'} removed   0.0 s\n"
        f"  next: asky-gitops up --overlay {overlay}\n"
    )
    gone = before - set(plane.kubectl("get", namespaces, "-o", "name").split())
    assert gone == {"namespace/asky", "namespace/asky-monitoring"}
    assert plane.kubectl("get", "persistentvolumes", "-o", "name") == "persistentvolume/theirs\n"
    assert plane.exists("configmap", "theirs", "theirs")
    assert asky("down", "--yes") == Outcome(0, f"  nothing of {overlay} is in e2e\n", "")


def test_a_namespace_of_somebody_elses_is_refused(asky: Asky, plane: Plane) -> None:
    plane.kubectl("create", "namespace", "asky-monitoring")
    assert asky("up") == Outcome(
        1,
        "",
        "error: namespace asky-monitoring is there and was not made for this stack\n"
        "hint: asky-gitops set metadata.namespace=NAME takes another one\n",
    )
    assert asky("down", "--yes").out.startswith("  nothing of ")
    plane.kubectl("delete", "namespace", "asky-monitoring")


def test_without_a_cluster_it_is_said_plainly(run: Run, plane: Plane, own: Repository, overlay: str) -> None:
    nowhere = {**plane.environment, "KUBECONFIG": "/nonexistent", "HOME": "/nonexistent"}
    said = run("doctor", "--overlay", overlay, cwd=own.work, env=nowhere)
    assert (said.status, said.err) == (3, "error: kubectl has no current context\n")
    assert said.out.splitlines()[-1].startswith("to start one: ")
    for verb in (("up",), ("down", "--yes")):
        said = run(*verb, "--overlay", overlay, cwd=own.work, env=nowhere)
        assert said == Outcome(3, "", "error: kubectl has no current context\n")
