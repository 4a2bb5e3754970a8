"""The real tools, asked once for the whole corpus."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.policies.corpus import cases

ROOT = Path(__file__).resolve().parent.parent.parent
POLICIES = ROOT / "policies"
BIN = ROOT / ".tools" / "bin"
RULES = len(list(POLICIES.glob("rules/*/*/policy.rego")))

Judge = Callable[[dict[str, Any]], dict[str, Any]]


def program(name: str) -> str:
    path = BIN / name
    if not path.exists():
        pytest.fail(f"{path} is missing: run make tools")
    return str(path)


def opa_reports(inputs: dict[str, Any], folder: Path, *policies: Path) -> dict[str, Any]:
    """Judge many inputs with one `opa eval`, strict about errors of built-in functions."""
    file = folder / "inputs.json"
    file.write_text(json.dumps(inputs), "utf-8")
    query = (
        "reports := {name: report | some name, case in input; report := data.main.report with input as case}"
    )
    data = [part for path in (POLICIES, *policies) for part in ("--data", str(path))]
    done = subprocess.run(
        [
            program("opa"),
            "eval",
            "--strict-builtin-errors",
            "--format=json",
            *data,
            "--input",
            str(file),
            query,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    reports: dict[str, Any] = json.loads(done.stdout)["result"][0]["bindings"]["reports"]
    assert reports.keys() == inputs.keys(), "a report is undefined"
    return reports


@pytest.fixture(scope="session")
def corpus_reports(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Any]:
    """Return OPA's report of every case, by `rule/name`; asked once for all processes of a run."""
    folder = tmp_path_factory.getbasetemp()
    kept = (folder if worker_id == "master" else folder.parent) / "corpus-reports.json"
    with FileLock(kept.with_suffix(".lock")):
        if not kept.exists():
            inputs = {f"{case.rule}/{case.name}": case.input for case in cases()}
            kept.write_text(json.dumps(opa_reports(inputs, tmp_path_factory.mktemp("corpus"))), "utf-8")
    reports: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    return reports


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Return a function that judges one input with opa."""
    return lambda given: dict(opa_reports({"one": given}, tmp_path)["one"])
