"""`down` removes a stack and nothing else; `--keep-data` keeps what cannot be made again."""

import signal
import time

from tests.conftest import Outcome
from tests.e2e.living import (
    CLAIMS,
    Asky,
    Begun,
    Run,
    at_work,
    identities,
    screen,
    stopped,
    until,
    without_times,
)
from tests.e2e.observed import services
from tests.e2e.plane import Plane, dump
from tests.e2e.repository import Repository


def test_down_asks_and_a_no_removes_nothing(
    is_up: Outcome, on_terminal: Asky, asky: Asky, overlay: str
) -> None:
    goes = "  goes     namespace asky-monitoring\n  goes     namespace asky\n"
    listed = "  in e2e\n" + goes + "".join(f"  goes     data {claim}\n" for claim in CLAIMS[overlay])

    said = on_terminal("down", typed="n\n")
    assert (said.status, screen(said.out.removeprefix("n\n"))) == (
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
    assert services(plane) == []
    assert "asky-db-ca" in plane.kubectl("get", "secrets", "-n", "asky", "-o", "name")
    assert set(identities(plane, "secrets")) <= set(before)
    assert asky("up").status == 0
    assert [*identities(plane, "persistentvolumeclaims"), *identities(plane, "persistentvolumes")] == kept


def test_an_interrupt_is_one_line_and_the_next_run_removes_the_rest_the_volumes_too(
    is_up: Outcome, asky: Asky, begun: Begun, plane: Plane, own: Repository, overlay: str
) -> None:
    with begun("down", "--yes") as process:
        until(process, "  goes     data ")
        moment = "jsonpath={.metadata.deletionTimestamp}"
        asked = ("get", "namespace", "asky", "--ignore-not-found", "-o", moment)
        while process.poll() is None and not plane.kubectl(*asked):
            time.sleep(0.05)
        said = stopped(process, signal.SIGTERM)
    again = f"`asky-gitops down --overlay {overlay}`"
    assert said == (130, f"interrupted: what is going goes, and {again} goes on with the rest\n")
    assert at_work(own.work) == []

    assert asky("down", "--yes").status == 0

    assert not plane.exists("namespace", "asky")
    assert plane.kubectl("get", "persistentvolumes", "-o", "name") == ""
    assert asky("down", "--yes") == Outcome(0, f"  nothing of {overlay} is in e2e\n", "")


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
        f"  {len(CLAIMS[overlay])} volume removed   0.0 s\n"
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
