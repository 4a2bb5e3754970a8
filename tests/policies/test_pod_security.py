"""Kubernetes' own fixtures of the Pod Security Standards: what admission refuses or lets pass."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.policies.conftest import ROOT, opa_reports
from tests.policies.test_bundle import RULES, metadata

MODULES = ROOT / "tests" / "examples"
MODULE = "k8s.io/pod-security-admission"
OLDEST = 25
"""The first minor version whose schemas are known."""

CONTROLS = {
    "allowprivilegeescalation": "privilege-escalation",
    "apparmorprofile": "unconfined-apparmor",
    "capabilities_baseline": "added-capability",
    "capabilities_restricted": "kept-capabilities",
    "hostnamespaces": "host-namespace",
    "hostpathvolumes": "host-path-volume",
    "hostports": "host-port",
    "hostprobesandhostlifecycle": "host-probe",
    "privileged": "privileged-container",
    "procmount": "unmasked-proc",
    "procmount_restricted": "unmasked-proc",
    "restrictedvolumes": "disallowed-volume-type",
    "runasnonroot": "root-allowed",
    "runasuser": "root-user",
    "seccompprofile_baseline": "unconfined-seccomp",
    "seccompprofile_restricted": "missing-seccomp",
    "selinuxoptions": "custom-selinux",
    "sysctls": "unsafe-sysctl",
    "windowshostprocess": "windows-host-process",
}
STRICTER = {"unmasked-proc"}
"""Baseline's control lets pass what restricted's never does; the rule is for both."""

BASELINE_TWIN = {"disallowed-volume-type": "host-path-volume", "missing-seccomp": "unconfined-seccomp"}
"""What baseline forbids too is said once, by baseline's rule."""


def fixtures() -> Iterator[tuple[str, str, str, Path]]:
    """Yield level, minor version, `pass` or `fail` and file of each fixture."""
    command = ["go", "mod", "download", "-json", MODULE]
    done = subprocess.run(command, cwd=MODULES, capture_output=True, text=True, check=True)
    data = Path(json.loads(done.stdout)["Dir"]) / "test" / "testdata"
    for file in sorted(data.glob("*/v1.*/*/*.yaml")):
        level, version, verdict = file.relative_to(data).parts[:3]
        if int(version.removeprefix("v1.")) >= OLDEST:
            yield level, version.removeprefix("v"), verdict, file


def test_the_rules_say_what_kubernetes_own_admission_says(tmp_path: Path) -> None:
    levels = {rule.name: metadata(rule)["custom"].get("podSecurity") for rule in RULES}
    given = {f"{file.parts[-4:]}": (level, verdict, file) for level, _, verdict, file in fixtures()}
    versions = {f"{file.parts[-4:]}": version for _, version, _, file in fixtures()}
    inputs: dict[str, Any] = {
        name: {
            "items": [yaml.safe_load(file.read_text("utf-8"))],
            "config": {"kubernetes": [versions[name]]},
        }
        for name, (_, _, file) in given.items()
    }
    assert len(inputs) > 1500
    wrong = []
    for name, report in opa_reports(inputs, tmp_path).items():
        level, verdict, file = given[name]
        judged = {"baseline"} if level == "baseline" else {"baseline", "restricted"}
        found = {one["rule"] for one in report["findings"] if levels[one["rule"]] in judged}
        control = CONTROLS.get(file.stem.rstrip("0123456789"), "")
        if verdict == "pass":
            fine = found <= (STRICTER if level == "baseline" else set())
        else:
            fine = bool(found & {control, BASELINE_TWIN.get(control)})
        if not fine:
            wrong.append((name, sorted(found)))
    assert wrong == []


def test_every_control_has_a_rule_that_says_which_standard_it_is_of() -> None:
    levels = {
        rule.name: metadata(rule)["custom"]["podSecurity"]
        for rule in RULES
        if "podSecurity" in metadata(rule)["custom"]
    }
    assert set(levels) == set(CONTROLS.values())
    assert set(levels.values()) == {"baseline", "restricted"}
