"""What a run ends with: 0 fine, 1 findings, 2 the author's files cure it, 3 they do not, 130 Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.adapters import bundled
from tests.conftest import Outcome
from tests.servers import answering, free_port, http

Invoke = Callable[..., Outcome]


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def expose(root: Path) -> None:
    """Give the minikube overlay's database a public Service."""
    path = root / "overlays/minikube/generated/postgres/service.yaml"
    path.write_text(path.read_text().replace("type: ClusterIP", "type: LoadBalancer", 1))


def test_the_generated_example_is_fine(stack: Path, run: Invoke) -> None:
    outcome = run("check", cwd=stack)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.splitlines()[-1].startswith("no findings · 2 overlays, ")


@pytest.mark.parametrize(("flag", "status"), [("error", 1), ("warning", 1), ("never", 0)])
def test_a_finding_is_1_unless_the_run_is_told_never_to_fail(
    stack: Path, invoke: Invoke, flag: str, status: int
) -> None:
    expose(stack)
    assert invoke("check", "--fail-on", flag, cwd=stack).status == status


def entry(text: str) -> Callable[[Path], None]:
    return lambda root: write(root, "overlays/minikube/kustomization.yaml", text)


def spoiled(name: str, text: str) -> Callable[[Path], None]:
    return lambda root: write(root, name, text)


def no_overlay(root: Path) -> None:
    (root / "overlays/eks").rename(root / "gone")


CURABLE: dict[str, tuple[Callable[[Path], None], list[str], str]] = {
    "broken YAML": (
        spoiled("base/auth/deployment.yaml", "kind: [\n"),
        [],
        "error: base/auth/deployment.yaml:1:1: did not find expected node content",
    ),
    "a missing file": (
        entry("resources:\n- gone.yaml\n"),
        [],
        "error: overlays/minikube/kustomization.yaml:2:3: resources: 'gone.yaml' does not exist",
    ),
    "a render that fails": (
        entry("resources: [../../base]\nnamePrefx: x\n"),
        [],
        'json: unknown field "namePrefx"',
    ),
    "no objects": (
        entry("resources: []\nconfigurations: []\n"),
        [],
        "error: ",
    ),
    "an empty folder": (
        lambda root: (root / "empty").mkdir(),
        ["empty"],
        "error: empty: there is no kustomization and no manifest\n",
    ),
    "a path that is not there": (
        lambda root: None,
        ["nowhere"],
        "error: nowhere: there is no such file or folder\n",
    ),
    "a path elsewhere": (
        lambda root: (root.parent / "elsewhere").mkdir(),
        ["overlays/eks", "../elsewhere"],
        "error: ../elsewhere is not in ",
    ),
    "nothing on standard input": (lambda root: None, ["-"], "error: there is no Kubernetes object in it"),
    "an unknown rule": (
        lambda root: None,
        ["--rule", "exposed-databse"],
        'error: there is no rule "exposed-databse"\nhint: did you mean "exposed-database"?\n',
    ),
    "an unknown overlay": (
        lambda root: None,
        ["--overlay", "minkube"],
        'error: there is no overlay "minkube"\nhint: did you mean "minikube"?\n',
    ),
    "an overlay that is not generated": (
        no_overlay,
        [],
        'error: overlays/eks: the overlay "eks" is not generated yet\nhint: asky-gitops generate writes it\n',
    ),
    "a path and an overlay": (
        lambda root: None,
        ["base", "--overlay", "eks"],
        "error: give a PATH or --overlay, not both\n",
    ),
    "an unknown version": (
        lambda root: None,
        ["--kubernetes-version", "1.2"],
        "error: there are no schemas for Kubernetes 1.2\nhint: there are 1.",
    ),
    "policies that are not there": (
        lambda root: None,
        ["--policies", "nowhere"],
        "error: --policies nowhere does not exist\n",
    ),
    "policies that do not compile": (
        spoiled("own/bad.rego", "package rules.own.bad\ndeny contains x if y\n"),
        ["--policies", "own"],
        "error: ",
    ),
    "policies that replace ours": (
        spoiled("own/bad.rego", "package main\nreport := {}\n"),
        ["--policies", "own"],
        "error: ",
    ),
    "schemas that are not there": (
        lambda root: None,
        ["--crds", "nowhere"],
        "error: --crds nowhere does not exist\n",
    ),
    "a broken spec": (spoiled("asky.yaml", "overlays: [\n"), [], "error: asky.yaml:"),
    "a spec with an unknown setting": (
        lambda root: write(root, "asky.yaml", (root / "asky.yaml").read_text() + "\nchecks: {cpuLimit: x}\n"),
        [],
        "error: asky.yaml:",
    ),
    "an upload without a server": (lambda root: None, ["--opa-upload"], "--opa-upload needs --opa-url"),
    "a server that is none": (
        lambda root: None,
        ["--opa-url", "localhost:8181"],
        "error: --opa-url is not an http or https URL\n",
    ),
    "an unknown format": (lambda root: None, ["--format", "xml"], "Invalid value for '--format'"),
}


@pytest.mark.parametrize("case", CURABLE)
def test_what_the_author_can_cure_is_2_and_said(stack: Path, invoke: Invoke, case: str) -> None:
    spoil, arguments, expected = CURABLE[case]
    spoil(stack)
    outcome = invoke("check", *arguments, cwd=stack)
    assert outcome.status == 2, outcome
    assert expected in outcome.out + outcome.err
    assert "Traceback" not in outcome.out + outcome.err


def test_a_missing_engine_is_3(stack: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "BUNDLED", stack / "nowhere")
    outcome = invoke("check", cwd=stack)
    assert (outcome.status, outcome.out) == (3, "")
    assert outcome.err.startswith("error: the engine is missing: ")


@pytest.mark.parametrize("verb", ["check", "build"])
def test_an_engine_that_dies_is_3(
    stack: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verb: str
) -> None:
    (tmp_path / "engine").write_text("#!/bin/sh\nread -r request\nkill -9 $$\n")
    (tmp_path / "engine").chmod(0o755)
    monkeypatch.setattr(bundled, "engine", lambda: tmp_path / "engine")
    outcome = invoke(verb, cwd=stack)
    assert (outcome.status, outcome.out) == (3, "")
    assert outcome.err == (
        f"error: the engine stopped while starting (killed by SIGKILL)\nhint: {bundled.cure()}\n"
    )


def test_a_server_that_is_down_is_3(stack: Path, invoke: Invoke) -> None:
    outcome = invoke("check", "--opa-url", f"http://127.0.0.1:{free_port()}", cwd=stack)
    assert (outcome.status, outcome.out) == (3, "")


def test_of_findings_and_a_broken_overlay_the_higher_wins_and_both_are_reported(
    stack: Path, invoke: Invoke
) -> None:
    expose(stack)
    write(stack, "overlays/eks/kustomization.yaml", "kind: [\n")
    outcome = invoke("check", cwd=stack)
    assert outcome.status == 2
    assert "error[exposed-database]" in outcome.out
    assert "error: overlays/eks/kustomization.yaml:1:1: " in outcome.out


def test_of_a_broken_overlay_and_a_server_with_other_rules_the_higher_wins(
    stack: Path, invoke: Invoke
) -> None:
    write(stack, "overlays/eks/kustomization.yaml", "kind: [\n")
    with answering(http(b'{"result": {"rules": 999, "findings": []}}')) as (url, _):
        outcome = invoke("check", "--opa-url", url, "--format", "json", cwd=stack)
    assert outcome.status == 3
    assert "error: overlays/eks/kustomization.yaml:1:1: " in outcome.err
    assert "error: 999 rules were evaluated, not " in outcome.err


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + 30
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_130_with_the_child_gone_and_nothing_half_written(stack: Path, number: int) -> None:
    output = stack / "report.json"
    before = sorted(stack.rglob("*"))
    with answering(b"", pause=60) as (url, received):
        command = [sys.executable, "-m", "asky_gitops", "check", "--opa-url", url]
        command += ["--format", "json", "--output", os.fspath(output)]
        with subprocess.Popen(command, cwd=stack, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            wait_for(lambda: received)
            (engine,) = children(process.pid)
            process.send_signal(number)
            out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, b"", b"\ninterrupted\n")
    assert not Path(f"/proc/{engine}").exists()
    assert sorted(stack.rglob("*")) == before


def test_an_engine_killed_at_work_is_3(stack: Path) -> None:
    with answering(http(b'{"result": {"rules": 1, "findings": []}}'), delay=1) as (url, received):
        command = [sys.executable, "-m", "asky_gitops", "check", "--opa-url", url]
        with subprocess.Popen(command, cwd=stack, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            wait_for(lambda: received)
            (engine,) = children(process.pid)
            os.kill(engine, signal.SIGKILL)
            out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (3, b"")
    assert err.startswith(b"error: the engine stopped while locating the findings of ")


def test_an_engine_ends_with_the_command_even_if_that_is_killed(stack: Path) -> None:
    with answering(b"", pause=60) as (url, received):
        command = [sys.executable, "-m", "asky_gitops", "check", "--opa-url", url]
        with subprocess.Popen(command, cwd=stack, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            wait_for(lambda: received)
            (engine,) = children(process.pid)
            process.kill()
    wait_for(lambda: not Path(f"/proc/{engine}").exists())


def test_a_report_that_cannot_be_written_is_3_and_the_old_one_stays(stack: Path, invoke: Invoke) -> None:
    for place, why in (("no/such/folder.txt", "No such file or directory"), (".", "it is a folder")):
        expected = Outcome(3, "", f"error: {place}: cannot write it: {why}\n")
        assert invoke("check", "--output", place, cwd=stack) == expected
    (stack / "report.txt").write_text("old")
    assert invoke("check", "--output", "report.txt", "--rule", "nope", cwd=stack).status == 2
    assert (stack / "report.txt").read_text() == "old"


def test_an_unfinished_tree_is_refused(stack: Path, invoke: Invoke) -> None:
    (stack / ".git/HEAD").write_text("ref: refs/heads/main\n")
    write(stack, ".git/asky-gitops/top/journal", "{}")
    outcome = invoke("check", cwd=stack)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("error: an earlier run was interrupted while it wrote files\nhint: ")


def test_a_reader_that_goes_away_is_fine(stack: Path) -> None:
    command = f'{sys.executable} -m asky_gitops build | head -c 1; echo " ${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", command], cwd=stack, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("a 0\n", "")
