"""`from asky_gitops import load_stack, generate, check`: what the verbs do, as three functions."""

import subprocess
import sys
from pathlib import Path

import pytest

import asky_gitops
from asky_gitops import AskyError, check, generate, load_stack
from tests.small_stack import change, write_small_stack


def test_importing_it_imports_nothing_else_of_it() -> None:
    code = "import asky_gitops, sys; print([name for name in sys.modules if name.startswith('asky_gitops.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_three_lines_lead_to_a_report(tmp_path: Path) -> None:
    write_small_stack(tmp_path)
    assert list(load_stack(tmp_path).services) == ["gateway", "auth"]
    assert {one.kind for one in generate(tmp_path).differences} == {"new"}
    assert not (tmp_path / "base").exists()
    assert generate(tmp_path, write=True).exit_code == 0
    assert generate(str(tmp_path)).differences == ()
    report = check(tmp_path, overlays=["minikube"])
    assert (report.exit_code, report.targets[0].name) == (0, "minikube")


def test_what_is_wrong_is_raised_with_its_place(tmp_path: Path) -> None:
    change(write_small_stack(tmp_path), "asky.yaml", "port: 8003", "port: many")
    with pytest.raises(AskyError) as raised:
        load_stack(tmp_path)
    assert raised.value.exit_code == 2


def test_a_name_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = asky_gitops.nothing
