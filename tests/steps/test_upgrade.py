"""`upgrade` moves pins, says what restarts, and nothing else moves one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.model.lock import Lock
from asky_gitops.steps.generate import load
from asky_gitops.tree import layout, pins
from asky_gitops.tree.pins import Kept, Move
from tests.conftest import ROOT, Outcome

Invoke = Callable[..., Outcome]
A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
SHIPPED = ROOT / "asky_gitops" / "steps" / "init_files" / "asky.lock"


def pin(name: str) -> str:
    """Return a pin as this version ships it."""
    found = re.search(rf"^  {name}: (.*)$", SHIPPED.read_text("utf-8"), re.MULTILINE)
    assert found
    return found[1]


def age(root: Path, name: str, old: str) -> str:
    """Write an older pin into the lock, and return the one this version ships."""
    lock = root / "asky.lock"
    lock.write_text(lock.read_text("utf-8").replace(pin(name), old), "utf-8")
    return pin(name)


def test_this_repositorys_own_lock_is_the_one_that_is_shipped(stack: Path, invoke: Invoke) -> None:
    before = (stack / "asky.lock").read_bytes()
    assert before == SHIPPED.read_bytes()
    assert invoke("upgrade", cwd=stack) == Outcome(0, "  no pin moves\n", "")
    assert (stack / "asky.lock").read_bytes() == before


def test_every_older_pin_moves_with_its_difference_and_what_restarts(stack: Path, invoke: Invoke) -> None:
    postgres = age(stack, "postgres-17", f"docker.io/library/postgres:17.10-trixie@{A}")
    exporter = age(stack, "node-exporter", f"docker.io/prom/node-exporter:v1.12.0@{A}")
    argocd = age(stack, "argo-cd", "v3.5.0")
    lock = (stack / "asky.lock").read_text("utf-8")
    (stack / "asky.lock").write_text(lock.replace("tools:", "# ours\ntools:"), "utf-8")
    shown = f"""\
  images.node-exporter
    - docker.io/prom/node-exporter:v1.12.0@{A}
    + {exporter}
  images.postgres-17
    - docker.io/library/postgres:17.10-trixie@{A}
    + {postgres}
  tools.argo-cd
    - v3.5.0
    + {argocd}
  restarts    eks             DaemonSet node-exporter
  restarts    minikube        DaemonSet node-exporter
  restarts    minikube        Job postgres-roles (its next run)
  restarts    minikube        Job secrets (its next run)
  restarts    minikube        StatefulSet postgres
"""
    before = (stack / "asky.lock").read_bytes()
    assert invoke("upgrade", "--dry-run", cwd=stack).out == f"{shown}  would move  3 pins\n"
    assert (stack / "asky.lock").read_bytes() == before
    outcome = invoke("upgrade", cwd=stack)
    assert outcome.out == f"{shown}  moved       3 pins\n  next: asky-gitops generate · asky-gitops check\n"
    text = SHIPPED.read_text("utf-8").replace("tools:", "# ours\ntools:")
    assert (stack / "asky.lock").read_text("utf-8") == text


def test_an_operator_that_moves_says_whether_the_database_restarts_with_it(
    stack: Path, invoke: Invoke
) -> None:
    age(stack, "cloudnative-pg", "https://cloudnative-pg.github.io/charts/cloudnative-pg:0.28.0")
    age(stack, "cert-manager", "https://charts.jetstack.io/cert-manager:v1.20.0")
    lines = invoke("upgrade", "--dry-run", cwd=stack).out.splitlines()
    assert [line for line in lines if "restarts" in line] == [
        "  restarts    eks             operator cert-manager",
        "  restarts    eks             operator cloudnative-pg and PostgreSQL, one server after the other",
    ]


def test_a_newer_pgbouncer_says_that_its_poolers_restart(stack: Path, invoke: Invoke) -> None:
    mine = f"ghcr.io/cloudnative-pg/pgbouncer:1.26.0@{A}"
    lines = invoke("upgrade", "--set", f"pgbouncer={mine}", cwd=stack).out.splitlines()
    assert lines[2:] == [
        f"    + {mine}",
        "  restarts    eks             Pooler asky-db-pooler-ro",
        "  restarts    eks             Pooler asky-db-pooler-rw",
        "  moved       1 pin",
        "  next: asky-gitops generate · asky-gitops check",
    ]


def test_a_name_limits_the_move(stack: Path, invoke: Invoke) -> None:
    age(stack, "postgres-17", f"docker.io/library/postgres:17.10-trixie@{A}")
    age(stack, "cert-manager", "https://charts.jetstack.io/cert-manager:v1.20.0")
    assert invoke("upgrade", "charts.cert-manager", cwd=stack).out.startswith("  charts.cert-manager\n    - ")
    assert "17.10" in (stack / "asky.lock").read_text("utf-8")


def test_a_mirror_and_a_newer_pin_stay_and_are_named(stack: Path, invoke: Invoke) -> None:
    age(stack, "dbmate", f"registry.acme.example/dbmate:2.30.0@{A}")
    age(stack, "kubectl", f"docker.io/alpine/kubectl:1.99.0@{A}")
    before = (stack / "asky.lock").read_bytes()
    shown = f"""\
  stays       images.dbmate  registry.acme.example/dbmate:2.30.0@{A}: not from ghcr.io/amacneil/dbmate
  stays       images.kubectl  docker.io/alpine/kubectl:1.99.0@{A}: newer than 1.36.2 (sha256:01d138c)
  no pin moves
"""
    assert invoke("upgrade", cwd=stack) == Outcome(0, shown, "")
    assert (stack / "asky.lock").read_bytes() == before


def test_a_lock_without_a_part_or_a_pin_that_the_stack_needs_gets_it(stack: Path, invoke: Invoke) -> None:
    lock = stack / "asky.lock"
    text = lock.read_text("utf-8")
    lock.write_text(re.sub(r"charts:\n(  .*\n)*|  dbmate: .*\n", "", text), "utf-8")
    refused = invoke("generate", cwd=stack)
    assert 'error: asky.lock: names no image "dbmate"\nhint: `asky-gitops upgrade` adds' in refused.err
    outcome = invoke("upgrade", cwd=stack)
    assert (outcome.status, "restarts" in outcome.out) == (0, False)
    charts = re.search(r"charts:\n(  .*\n)*", text)
    assert charts
    assert lock.read_text("utf-8") == text.replace(charts[0], "") + charts[0]


def test_a_pin_of_ones_own_is_set_and_no_other_moves(stack: Path, invoke: Invoke) -> None:
    age(stack, "kubectl", f"docker.io/alpine/kubectl:1.30.0@{A}")
    mine = f"registry.acme.example/dbmate:2.40.0@{B}"
    outcome = invoke("upgrade", "--set", f"dbmate={mine}", "--set", "cert-manager=v1.22.0", cwd=stack)
    assert (outcome.status, outcome.err) == (0, "")
    text = (stack / "asky.lock").read_text("utf-8")
    assert f"  dbmate: {mine}\n" in text
    assert "  cert-manager: https://charts.jetstack.io/cert-manager:v1.22.0\n" in text
    assert "kubectl:1.30.0" in text


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("dbmate", "--set dbmate: not NAME=PIN\nhint: such as --set charts.cert-manager=v1.21.2\n"),
        (
            "dbmate=ghcr.io/amacneil/dbmate:2.40.0",
            "--set images.dbmate: the image has no digest\nhint: a tag alone can move by itself\n",
        ),
        (
            f"postgres-17=docker.io/library/postgres:18.6@{A}",
            "--set images.postgres-17: the image is not PostgreSQL 17\n"
            "hint: `database.version` chooses the major version\n",
        ),
        (
            "cert-manager=https://charts.jetstack.io/trust-manager:v1.0.0",
            "--set charts.cert-manager: names another chart\n"
            "hint: the last part of its address is cert-manager\n",
        ),
        ("argo-cd=latest", '--set tools.argo-cd: "latest" is not a version such as v1.2.3\n'),
    ],
)
def test_a_pin_that_is_none_is_refused(stack: Path, invoke: Invoke, setting: str, message: str) -> None:
    before = (stack / "asky.lock").read_bytes()
    assert invoke("upgrade", "--set", setting, cwd=stack) == Outcome(2, "", f"error: {message}")
    assert (stack / "asky.lock").read_bytes() == before


def test_an_unknown_name_is_refused_with_the_one_that_was_meant(stack: Path, invoke: Invoke) -> None:
    outcome = invoke("upgrade", "dbmat", cwd=stack)
    assert outcome.status == 2
    assert outcome.err.startswith('error: asky.lock pins no single "dbmat"; did you mean "dbmate"?\nhint: ')


def test_what_a_lock_holds_is_judged_before_it_is_changed(stack: Path, invoke: Invoke) -> None:
    (stack / "asky.lock").write_text("images: {dbmate: 5}\nchart: {}\ntools: [x]\ncharts: {a: b}\n", "utf-8")
    assert invoke("upgrade", cwd=stack) == Outcome(
        2,
        "",
        'error: asky.lock:2:1: unknown part chart; did you mean "charts"?\n'
        "error: asky.lock:1:18: dbmate must be a string, not a whole number\n"
        "hint: write it in quotes\n"
        'error: asky.lock:4:13: a "b" is not a chart such as https://charts.example.org/name:1.2.3\n'
        "error: asky.lock:3:8: tools must be a map of program to version\n"
        "nothing was written\n",
    )


def test_nothing_but_upgrade_writes_the_lock(stack: Path) -> None:
    assert "asky.lock" not in {file.path for file in layout.plan(load(stack)).files}


def test_versions_compare_by_every_number_and_what_comes_from_elsewhere_stays() -> None:
    own = Lock(images={"a": f"r.example/a:1.9.0-1@{A}", "b": "r.example/b:2", "c": "r.example/c:1"})
    known = Lock(images={"a": f"r.example/a:1.10.0-1@{B}", "b": "r.example/b:1.9", "c": "other.example/c:2"})
    assert pins.compared(own, known, {}, ()) == [
        Move("images.a", f"r.example/a:1.9.0-1@{A}", f"r.example/a:1.10.0-1@{B}"),
        Kept("images.b", "r.example/b:2", "newer than 1.9"),
        Kept("images.c", "r.example/c:1", "not from other.example/c"),
    ]


def test_the_same_tag_with_another_digest_moves() -> None:
    own, known = Lock(images={"a": f"r.example/a:1@{A}"}), Lock(images={"a": f"r.example/a:1@{B}"})
    assert pins.compared(own, known, {}, ()) == [Move("images.a", f"r.example/a:1@{A}", f"r.example/a:1@{B}")]


def test_a_stack_can_be_loaded_with_another_lock_than_its_own(stack: Path) -> None:
    lock = Lock(images={**load(stack).pins, "dbmate": "registry.acme.example/dbmate:1"})
    assert load(stack, lock=lock).pins["dbmate"] == "registry.acme.example/dbmate:1"
