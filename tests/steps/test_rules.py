"""`rules` and `explain` say what there is: ours, the engine's own and those of somebody else."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.adapters import bundled
from tests.conftest import Outcome

Invoke = Callable[..., Outcome]
OWN = """\
# METADATA
# title: Two replicas
# description: One pod is one failure away from none.
# custom:
#   remediation: Ask for two.
#   since: "1.0"
# related_resources:
#   - ref: https://example.org/replicas
package rules.own["two-replicas"]

warn contains "x" if some item in input.items
"""


def own(folder: Path) -> Path:
    place = folder / "own" / "two-replicas"
    place.mkdir(parents=True)
    (place / "policy.rego").write_text(OWN)
    return folder / "own"


def test_every_rule_there_is_has_a_line_in_the_table(repo: Path, invoke: Invoke) -> None:
    outcome = invoke("rules", cwd=repo)
    folders = sorted((path.parent.name, path.name) for path in (bundled.policies() / "rules").glob("*/*"))
    folders = sorted([*folders, ("reliability", "schema-error")])
    assert (outcome.status, outcome.err) == (0, "")
    assert re.findall(r"^  ([a-z0-9-]+)  ", outcome.out, re.M) == [name for _, name in folders]
    assert re.findall(r"^[a-z]+$", outcome.out, re.M) == list(dict.fromkeys(name for name, _ in folders))
    assert re.search(r"^  exposed-database +error +Exposed database$", outcome.out, re.M)
    assert f"\n{len(folders)} rules · asky-gitops explain RULE · " in outcome.out


def test_the_json_holds_all_that_the_metadata_says(repo: Path, invoke: Invoke) -> None:
    outcome = invoke("rules", "--format", "json", "--policies", own(repo), cwd=repo)
    listed = {rule["id"]: rule for rule in json.loads(outcome.out)["rules"]}
    assert (outcome.status, outcome.err) == (0, "")
    assert listed["two-replicas"] == {
        "id": "two-replicas",
        "category": "own",
        "severities": ["warning"],
        "new": False,
        "title": "Two replicas",
        "description": "One pod is one failure away from none.",
        "remediation": "Ask for two.",
        "related": ["https://example.org/replicas"],
        "custom": {"since": "1.0"},
    }
    for rule in listed.values():
        assert all(rule[key] for key in ("category", "severities", "title", "description", "remediation")), (
            rule
        )


def test_a_rule_is_explained_by_its_page(repo: Path, invoke: Invoke) -> None:
    for page in (bundled.policies() / "rules").glob("*/*/README.md"):
        outcome = invoke("explain", page.parent.name, cwd=repo)
        text, *lifecycle = outcome.out.partition("\n## Lifecycle\n")
        assert (outcome.status, text, outcome.err) == (0, page.read_text("utf-8"), "")
        assert any(lifecycle) == ("since:" in (page.parent / "policy.rego").read_text("utf-8"))


def test_a_rule_without_a_page_is_explained_by_its_metadata(repo: Path, invoke: Invoke) -> None:
    folder = own(repo)
    assert invoke("explain", "two-replicas", "--policies", folder, cwd=repo) == Outcome(
        0,
        """\
# two-replicas

## Summary

Two replicas

## Rationale

One pod is one failure away from none.

## Remediation

Ask for two.

## Related

- <https://example.org/replicas>
""",
        "",
    )
    (folder / "two-replicas" / "README.md").write_text("# two-replicas\n\nOurs.\n")
    assert invoke("explain", "two-replicas", "--policies", folder).out == "# two-replicas\n\nOurs.\n"


def test_the_rule_of_the_engine_is_explained_too(repo: Path, invoke: Invoke) -> None:
    outcome = invoke("explain", "schema-error", cwd=repo)
    assert outcome.status == 0
    assert outcome.out.startswith("# schema-error\n\n## Summary\n\nSchema error\n\n## Rationale\n\n")


def test_a_rule_that_does_not_exist_is_answered_with_the_nearest(repo: Path, invoke: Invoke) -> None:
    expected = 'error: there is no rule "exposed-databse"\nhint: did you mean "exposed-database"?\n'
    assert invoke("explain", "exposed-databse", cwd=repo) == Outcome(2, "", expected)


def test_policies_that_are_not_there_are_named(repo: Path, invoke: Invoke) -> None:
    expected = "error: --policies nowhere does not exist\n"
    assert invoke("rules", "--policies", "nowhere", cwd=repo) == Outcome(2, "", expected)


WRONG = {
    "a rule that breaks off": (
        'package rules.own.labels\n\ndeny contains "no" if {\n\tx\n',
        "/policy.rego:5: rego_parse_error: unexpected eof token\n    x\n    ^\n",
    ),
    "a package that is no rule": (
        'package own\n\ndeny contains "no"\n',
        ' holds no rule: a rule is package rules.<category>["<rule-id>"]\n',
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_policies_that_would_be_passed_over_are_an_error_at_their_place(
    repo: Path, invoke: Invoke, name: str
) -> None:
    text, expected = WRONG[name]
    (repo / "own").mkdir()
    (repo / "own/policy.rego").write_text(text)
    (repo / "a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n")
    said = f"error: {repo}/own{expected}"
    for verb in (("check",), ("rules",), ("explain", "mutable-tag")):
        assert invoke(*verb, "--policies", "own", cwd=repo) == Outcome(2, "", said), verb
