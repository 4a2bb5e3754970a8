"""The embedded engine and an OPA server say what plain opa says, on the whole corpus."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from asky_gitops.adapters import bundled
from asky_gitops.adapters.engine import Engine
from asky_gitops.adapters.engine_replies import Wanted
from asky_gitops.adapters.opa_server import OpaServer
from tests.policies.conftest import POLICIES, program
from tests.policies.corpus import Case, cases
from tests.servers import opa

CASES = {f"{case.rule}/{case.name}": case for case in cases()}
Rows = list[str]


def rows(findings: list[dict[str, Any]]) -> Rows:
    """Return a report's findings in an order of their own."""
    return sorted(
        json.dumps(
            [one[key] for key in ("rule", "severity", "message", "resource", "path", "trace")], sort_keys=True
        )
        for one in findings
    )


def test_a_server_says_of_every_case_what_opa_says(corpus_reports: dict[str, Any]) -> None:
    with opa(Path(program("opa")), POLICIES) as url, OpaServer(url, 60) as server:
        said = {name: rows(server.report(case.input)["findings"]) for name, case in CASES.items()}
    assert said == {name: rows(corpus_reports[name]["findings"]) for name in CASES}


def embedded(chosen: dict[str, Case], config: dict[str, Any], root: Path) -> dict[str, Rows]:
    """Judge cases of one configuration by the engine, each as the text of a target."""
    targets = [
        Wanted(name, name, text="\n---\n".join(json.dumps(item) for item in case.items))
        for name, case in chosen.items()
    ]
    said: dict[str, Any] = {
        "policies": str(POLICIES),
        "extra": [],
        "config": config,
        "schemas": None,
        "input": False,
    }
    with Engine(bundled.engine(), bundled.expected_source(), bundled.cure()) as engine:
        _, answers = engine.judge(root, targets, said)
    found: dict[str, Rows] = {}
    for answer in answers:
        assert answer.problem is None, answer
        found[answer.target.name] = rows(
            [
                {
                    "rule": one.rule,
                    "severity": one.severity,
                    "message": one.message,
                    "resource": one.resource
                    and {
                        "apiVersion": one.resource.api_version,
                        "kind": one.resource.kind,
                        "namespace": one.resource.namespace,
                        "name": one.resource.name,
                    },
                    "path": list(one.path),
                    "trace": list(one.trace),
                }
                for one in answer.findings
            ]
        )
    return found


def test_the_engine_says_of_every_case_what_opa_says(corpus_reports: dict[str, Any], tmp_path: Path) -> None:
    by_config: dict[str, dict[str, Case]] = defaultdict(dict)
    for name, case in CASES.items():
        by_config[json.dumps(case.config, sort_keys=True)][name] = case
    said: dict[str, Rows] = {}
    for config, chosen in by_config.items():
        said |= embedded(chosen, json.loads(config), tmp_path)
    assert said == {name: rows(corpus_reports[name]["findings"]) for name in CASES}
