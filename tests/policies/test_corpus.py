import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.policies.conftest import POLICIES, program
from tests.policies.corpus import Case, cases, reported

RULES = sorted(path for path in (POLICIES / "rules").glob("*/*") if path.is_dir())
CASES = {f"{case.rule}/{case.name}": case for case in cases()}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_case_gives_exactly_the_findings_its_header_names(
    case: Case, corpus_reports: dict[str, Any]
) -> None:
    found = reported(corpus_reports[f"{case.rule}/{case.name}"], case.rule)
    assert (found == case.expected) is (case.miss is None), found


def test_every_case_differs_from_its_twin_in_verdict() -> None:
    same = [
        name
        for name, case in CASES.items()
        if not name.endswith("-twin") and case.expected == CASES[f"{name}-twin"].expected
    ]
    assert same == []


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_conftest_gives_the_same_verdicts_as_opa(
    rule: Path, corpus_reports: dict[str, Any], tmp_path: Path
) -> None:
    names = {}
    for name, case in CASES.items():
        if case.rule == rule.name:
            file = tmp_path / f"{case.name}.json"
            file.write_text(json.dumps(case.input), "utf-8")
            names[str(file)] = name
    # One rule at a time: conftest asks each verb anew, and all rules of all cases would take it minutes.
    policies = [
        part for path in (POLICIES / "lib", POLICIES / "main", rule) for part in ("--policy", str(path))
    ]
    done = subprocess.run(
        [program("conftest"), "test", *policies, "--output", "json", *names],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    said: dict[str, list[tuple[str, str]]] = {name: [] for name in names.values()}
    for result in json.loads(done.stdout):
        for severity in ("failures", "warnings"):
            for one in result.get(severity, []):
                said[names[result["filename"]]].append((severity, json.dumps(one["metadata"]["path"])))
    severities = {"error": "failures", "warning": "warnings"}
    wanted = {
        name: sorted(
            (severities[one["severity"]], json.dumps(one["path"]))
            for one in corpus_reports[name]["findings"]
            if one["rule"] == rule.name
        )
        for name in said
    }
    assert {name: sorted(rows) for name, rows in said.items()} == wanted
