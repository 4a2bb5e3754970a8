"""What `check` prints, whole, and what its flags change."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from asky_gitops import __version__
from asky_gitops.adapters import bundled
from asky_gitops.steps.check import check
from asky_gitops.steps.schema import schema
from tests.conftest import Outcome

Invoke = Callable[..., Outcome]
SERVICE = "overlays/minikube/generated/postgres/service.yaml"
RULES = len(list((bundled.policies() / "rules").glob("*/*/policy.rego")))


def change(root: Path, name: str, before: str, after: str) -> None:
    text = (root / name).read_text()
    assert before in text
    (root / name).write_text(text.replace(before, after, 1))


@pytest.fixture
def spoiled(stack: Path) -> Path:
    """The generated example with a public database and a password in a variable."""
    change(stack, SERVICE, "type: ClusterIP", "type: LoadBalancer")
    change(
        stack,
        "base/auth/deployment.yaml",
        "- name: LOG_LEVEL\n          value: info",
        "- name: SMTP_PASSWORD\n          value: hunter2",
    )
    return stack


def timeless(text: str) -> str:
    return re.sub(r"\d+\.\d\d s\n", "T s\n", text)


def test_a_report_shows_the_line_the_way_and_the_cure(spoiled: Path, invoke: Invoke) -> None:
    outcome = invoke("check", cwd=spoiled)
    line = next(
        number
        for number, text in enumerate((spoiled / "base/auth/deployment.yaml").read_text().splitlines(), 1)
        if "hunter2" in text
    )
    objects = sum(
        target["objects"] for target in json.loads(invoke("check", "--format", "json").out)["targets"]
    )
    assert (outcome.status, outcome.err) == (1, "")
    assert (
        timeless(outcome.out)
        == f"""\
error[inline-secret]: the value of SMTP_PASSWORD is written out
  base/auth/deployment.yaml:{line}:18
    {line - 1} |         - name: SMTP_PASSWORD
    {line} |           value: ••••
       |                  ^^^^ spec.template.spec.containers[0].env[6].value of Deployment asky/auth
  in    eks, minikube
  fix   Refer to it instead: valueFrom.secretKeyRef to a Secret that External Secrets, Sealed
        Secrets, SOPS, an operator or a Job in the cluster makes. Then change the secret: what was
        committed is known.

error[exposed-database]: the internet can reach a database
  {SERVICE}:23:9
    22 |     app.kubernetes.io/part-of: asky
    23 |   type: LoadBalancer
       |         ^^^^^^^^^^^^ spec.type of Service asky/postgres
  path  internet → Service asky/postgres:5432 → StatefulSet asky/postgres
  in    minikube
  fix   Remove what opens the way, and let only workloads of the cluster connect: a ClusterIP
        Service and a NetworkPolicy. For a shell use `kubectl cnpg psql` or `kubectl port-forward`;
        for another network an internal load balancer.

note: profile dev of minikube turns off single-replica (4)

2 errors · 2 overlays, {objects} objects, {RULES} rules · T s
"""
    )


def test_the_json_of_a_run_is_the_contract(spoiled: Path, invoke: Invoke) -> None:
    outcome = invoke("check", "--format", "json", cwd=spoiled)
    report = json.loads(outcome.out)
    jsonschema.validate(report, schema("report"))
    assert report["tool"]["asky-gitops"] == __version__
    assert set(report["tool"]) == {"asky-gitops", "kustomize", "opa", "schemas"}
    assert [(target["name"], target["path"], target["status"]) for target in report["targets"]] == [
        ("eks", "overlays/eks", "judged"),
        ("eks/argocd", "argocd/eks", "judged"),
        ("eks/platform", "overlays/eks/platform", "judged"),
        ("minikube", "overlays/minikube", "judged"),
        ("minikube/argocd", "argocd/minikube", "judged"),
        ("minikube/platform", "overlays/minikube/platform", "judged"),
    ]
    assert [(target["unknownKinds"], target["unjudged"]) for target in report["targets"]] == [([], [])] * 6
    assert report["summary"] == {
        "errors": 2,
        "warnings": 0,
        "waived": 0,
        "known": 0,
        "objects": sum(target["objects"] for target in report["targets"]),
        "exitCode": 1,
    }
    assert invoke("check", "--format", "json").out == outcome.out


def test_a_fingerprint_survives_another_value_another_line_and_another_overlay(
    spoiled: Path, invoke: Invoke
) -> None:
    def fingerprints(*arguments: str) -> set[str]:
        report = json.loads(invoke("check", "--format", "json", *arguments, cwd=spoiled).out)
        return {finding["fingerprint"] for finding in report["findings"]}

    before = fingerprints()
    change(spoiled, "base/auth/deployment.yaml", "hunter2", "hunter3")
    change(spoiled, "base/auth/deployment.yaml", "apiVersion:", "# one\n# two\napiVersion:")
    assert fingerprints() == before
    assert fingerprints("--overlay", "eks") < before


def test_one_rule_alone_can_be_reported(spoiled: Path, invoke: Invoke) -> None:
    outcome = invoke("check", "--rule", "exposed-database", cwd=spoiled)
    assert re.findall(r"^\w+\[(.*)\]", outcome.out, re.M) == ["exposed-database"]
    outcome = invoke("check", "--rule", "missing-resource-limits")
    assert (outcome.status, outcome.out.splitlines()[0][:11]) == (0, "no findings")


def test_one_overlay_alone_can_be_judged(spoiled: Path, invoke: Invoke) -> None:
    outcome = invoke("check", "--overlay", "eks", cwd=spoiled)
    assert re.findall(r"^  in    (.*)", outcome.out, re.M) == ["eks"]
    assert " · 1 overlay, " in outcome.out


def test_a_report_can_go_to_a_file_which_is_whole_and_readable(spoiled: Path, invoke: Invoke) -> None:
    target = spoiled / "report.json"
    outcome = invoke("check", "--format", "json", "--output", "report.json", cwd=spoiled)
    assert (outcome.status, outcome.out) == (1, "")
    assert timeless(outcome.err).endswith("rules · T s\n")
    assert target.read_text() == invoke("check", "--format", "json").out
    assert target.stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in spoiled.iterdir() if "report" in path.name or "tmp" in path.name) == [
        "report.json"
    ]


def test_quiet_says_nothing_when_all_is_well(generated: Path, invoke: Invoke) -> None:
    assert invoke("-q", "check", cwd=generated) == Outcome(0, "", "")


def test_verbose_says_how_long_each_part_took(generated: Path, invoke: Invoke) -> None:
    outcome = invoke("-v", "check", "--overlay", "eks", cwd=generated)
    said = [re.sub(r"^ *\d+\.\d{3} s  ", "", line) for line in outcome.err.splitlines()]
    assert said[0] == "judging eks, eks/platform, eks/argocd"
    assert re.fullmatch(r"judged \d+ objects", said[1])
    assert said[2] == "reported 0 findings"


def test_colour_is_for_terminals_and_those_who_ask(spoiled: Path, invoke: Invoke) -> None:
    plain = timeless(invoke("check", cwd=spoiled).out)
    coloured = timeless(invoke("--color", "always", "check").out)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert coloured != plain


def test_a_terminal_gets_colour_unless_it_says_no(spoiled: Path, run: Invoke) -> None:
    import os
    import pty
    import subprocess
    import sys

    def printed(env: dict[str, str]) -> str:
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "asky_gitops", "check"]
        subprocess.run(
            command, cwd=spoiled, stdout=theirs, env={**os.environ, "TERM": "xterm", **env}, check=False
        )
        os.close(theirs)
        text = b""
        while True:
            try:
                text += os.read(ours, 65536)
            except OSError:
                return text.decode()

    assert "\x1b[1;31merror[exposed-database]\x1b[0m" in printed({})
    assert "\x1b" not in printed({"NO_COLOR": "1"})


def test_a_terminal_that_knows_only_ascii_gets_ascii(spoiled: Path, run: Invoke) -> None:
    outcome = run("check", cwd=spoiled, env={"PYTHONIOENCODING": "ascii"})
    assert outcome.status == 1
    assert "internet \\u2192 Service asky/postgres:5432" in outcome.out


OWN = """\
# METADATA
# title: Two replicas
# custom:
#   remediation: Ask for two.
package rules.own["two-replicas"]

import data.lib.result

warn contains result.at(item, ["spec", "replicas"], "one pod is not enough") if {
	some item in input.items
	item.kind == "Deployment"
	item.spec.replicas < 2
}
"""


def test_policies_of_ones_own_are_judged_with_ours(stack: Path, invoke: Invoke) -> None:
    (stack / "own").mkdir()
    (stack / "own/policy.rego").write_text(OWN)
    outcome = invoke("check", "--policies", "own", "--overlay", "minikube", cwd=stack)
    assert outcome.status == 0
    assert (
        re.findall(r"^(warning.*)", outcome.out, re.M) == ["warning[two-replicas]: one pod is not enough"] * 4
    )
    assert "  fix   Ask for two.\n" in outcome.out
    assert f", {RULES + 1} rules · " in outcome.out
    assert invoke("check", "--policies", "own", "--fail-on", "warning").status == 1


WIDGET = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org}
spec:
  group: example.org
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {size: {type: integer}}}
"""


def test_schemas_of_ones_own_make_a_kind_known(stack: Path, invoke: Invoke) -> None:
    (stack / "crds").mkdir()
    (stack / "crds/widget.yaml").write_text(WIDGET)
    manifest = b"apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: large}\n"
    outcome = invoke("check", "-", cwd=stack, input=manifest)
    assert outcome.status == 0
    assert "note: no schema is known for example.org/v1/Widget (--crds DIR adds some)\n" in outcome.out
    outcome = invoke("check", "-", "--crds", "crds", cwd=stack, input=manifest)
    assert (outcome.status, outcome.out.splitlines()[:2]) == (
        1,
        ["error[schema-error]: must be integer, is string", "  -:4:14"],
    )


def test_the_version_of_kubernetes_decides_what_is_valid(stack: Path, invoke: Invoke) -> None:
    manifest = (
        b"apiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: FlowSchema\nmetadata: {name: f}\n"
        b"spec: {priorityLevelConfiguration: {name: exempt}}\n"
    )
    old = invoke("check", "-", "--kubernetes-version", "1.31", "--strict", cwd=stack, input=manifest)
    new = invoke("check", "-", "--kubernetes-version", "1.32", "--strict", cwd=stack, input=manifest)
    assert old.status == 0
    assert new.status != 0


def test_as_a_function_it_returns_the_report(spoiled: Path) -> None:
    report = check(spoiled, overlays=["minikube"])
    assert report.exit_code == 1
    assert [finding.rule for finding in report.findings] == ["inline-secret", "exposed-database"]
    assert report.targets[0].closure[:2] == ("base/auth/deployment.yaml", "base/auth/kustomization.yaml")
