import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from asky_gitops.adapters import spec_schema
from asky_gitops.formats.json import document
from asky_gitops.model.finding import Finding, Location, Off, Problem, Related, Report, Target
from asky_gitops.model.manifest import ResourceRef
from asky_gitops.model.waiver import Waiver
from asky_gitops.platforms import PLATFORMS
from asky_gitops.steps.schema import schema

FULL = Report(
    versions={"asky-gitops": "0.1.0", "opa": "1.22.0"},
    targets=(
        Target(
            "eks", "overlays/eks", "judged", 54, 3, ("example.org/v1/Widget",), (("a.yaml", "no manifest"),)
        ),
        Target("minikube", "overlays/minikube", "failed"),
    ),
    findings=(
        Finding(
            rule="exposed-database",
            category="security",
            severity="error",
            message="the internet can reach a database",
            resource=ResourceRef("v1", "Service", "asky", "postgres"),
            path=("spec", "ports", 0, "port"),
            overlays=("eks",),
            location=Location("base/a.yaml", 7, 9, 7, 21),
            related=(Related("base/b.yaml", 1, 1, "the object it patches"),),
            trace=("internet", "Service asky/postgres:5432"),
            remediation="remove it",
            fingerprint="v1:9f2c",
            waiver=Waiver(
                "exposed-database", "accepted until spring", resource="Service/postgres", line=4, column=3
            ),
        ),
        Finding("r", "c", "warning", "m", None, (), ("-",)),
        Finding("r", "c", "warning", "m", ResourceRef("v1", "Namespace", None, "asky"), ("kind",), ()),
    ),
    problems=(Problem("render-failed", "minikube", "m"), Problem("crash", None, "m", exit_code=3)),
    off=(Off("minikube", "single-replica", 4),),
)


@pytest.mark.parametrize("subject", ["spec", "report", "waivers"])
def test_the_command_prints_a_valid_json_schema_of_2020_12(invoke: Callable[..., Any], subject: str) -> None:
    outcome = invoke("schema", subject)
    assert (outcome.status, outcome.err) == (0, "")
    printed = json.loads(outcome.out)
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(printed)


def test_the_specs_schema_is_the_one_the_decoder_is_held_to(invoke: Callable[..., Any]) -> None:
    assert json.loads(invoke("schema", "spec").out) == spec_schema.schema(PLATFORMS)


def test_another_subject_is_a_usage_error(invoke: Callable[..., Any]) -> None:
    outcome = invoke("schema", "rules")
    assert (outcome.status, outcome.out) == (2, "")
    assert "'rules' is not one of 'spec', 'report'" in outcome.err


@pytest.mark.parametrize("report", [FULL, Report(versions={"asky-gitops": "0.1.0"}, targets=(), findings=())])
def test_every_report_we_print_is_valid_by_the_reports_schema(report: Report) -> None:
    jsonschema.Draft202012Validator(schema("report")).validate(document(report))


def keys(printed: Any, at: str = "") -> list[tuple[str, str]]:
    """Return every (path, key) of a printed report, list items as one."""
    if isinstance(printed, list):
        return [pair for each in printed for pair in keys(each, at)]
    if not isinstance(printed, dict) or at == "/tool":
        return []
    return [(at, key) for key in printed] + [
        pair for key in printed for pair in keys(printed[key], f"{at}/{key}")
    ]


def test_a_report_that_lacks_or_adds_a_key_is_refused() -> None:
    validator = jsonschema.Draft202012Validator(schema("report"))
    printed = document(FULL)
    for path, key in sorted(set(keys(printed))):
        for spoiled in (without(printed, path, key), without(printed, path, key, added="surprise")):
            assert not validator.is_valid(spoiled), (path, key)


def without(printed: Any, path: str, key: str, added: str | None = None) -> Any:
    """Return a copy in which every map at `path` lacks a key, or has one more."""
    copy = json.loads(json.dumps(printed))
    level = [copy]
    for part in path.split("/")[1:]:
        level = [one[part] for one in level if one and part in one]
        level = [inner for one in level for inner in (one if isinstance(one, list) else [one])]
    for one in filter(None, level):
        if added:
            one[added] = 1
        else:
            del one[key]
    return copy
