import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the policies and what starts a rule."""
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    for folder in ("tools", "asky_gitops"):
        (tmp_path / folder).mkdir()
    shutil.copy2(ROOT / "asky_gitops" / "__init__.py", tmp_path / "asky_gitops")
    shutil.copy2(ROOT / "tools" / "new-rule.sh", tmp_path / "tools")
    return tmp_path


def start(checkout: Path, *arguments: str) -> tuple[int, str, str]:
    command = [str(checkout / "tools" / "new-rule.sh"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_a_started_rule_passes_the_tools_every_rule_must_pass(
    checkout: Path, tool: Callable[[str], Path]
) -> None:
    assert start(checkout, "security/sleepy-container") == (
        0,
        "wrote policies/rules/security/sleepy-container/\n"
        "next: edit policy.rego · opa test policies · asky-gitops check\n",
        "",
    )
    folder = "policies/rules/security/sleepy-container"
    for command in (
        [str(tool("opa")), "fmt", "--list", "--fail", folder],
        [str(tool("opa")), "check", "--strict", "policies"],
        [str(tool("opa")), "test", "policies", "--run", "sleepy-container"],
    ):
        done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "PASS: 2/2" in done.stdout


def test_a_rule_that_exists_is_left_alone(checkout: Path) -> None:
    expected = "error: there is a rule of that name: policies/rules/security/inline-secret\n"
    assert start(checkout, "reliability/inline-secret") == (1, "", expected)


@pytest.mark.parametrize("name", ["", "privileged", "security/Privileged", "security/../x", "security/a b"])
def test_a_name_that_cannot_be_a_folder_and_a_package_is_refused(checkout: Path, name: str) -> None:
    usage = "make new-rule RULE=<category>/<rule-id>, such as security/sleepy-container"
    expected = f"error: name the rule: {usage}\n"
    assert start(checkout, name) == (2, "", expected)
    assert not (checkout / "policies" / "rules" / "security" / "sleepy-container").exists()
