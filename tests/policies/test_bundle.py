import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.policies.conftest import POLICIES, Judge, program

RULES = sorted(path for path in (POLICIES / "rules").glob("*/*") if path.is_dir())
HEADINGS = ["Summary", "Avoid", "Prefer", "Rationale", "Related"]
NAMES = [rule.name for rule in RULES]


def metadata(rule: Path) -> dict[str, Any]:
    """Return the METADATA block above a rule's package."""
    block = re.match(r"# METADATA\n((?:#.*\n)+)package ", (rule / "policy.rego").read_text("utf-8"))
    assert block, f"{rule} has no metadata on its package"
    parsed: dict[str, Any] = yaml.safe_load("\n".join(line[2:] for line in block[1].splitlines()))
    return parsed


def examples(rule: Path, heading: str) -> list[dict[str, Any]]:
    """Return the YAML examples under a heading of a rule's README."""
    section = re.split(r"^## ", (rule / "README.md").read_text("utf-8"), flags=re.M)
    text = next(part for part in section if part.startswith(heading))
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, flags=re.S)]


def test_there_are_rules() -> None:
    assert {"exposed-database", "inline-secret", "missing-resource-limits"} <= set(NAMES)


def test_a_rule_s_id_is_its_own_in_every_category() -> None:
    assert sorted(set(NAMES)) == sorted(NAMES)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_is_a_folder_of_three_files(rule: Path) -> None:
    assert sorted(path.name for path in rule.iterdir()) == ["README.md", "policy.rego", "policy_test.rego"]


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_says_what_it_is_why_and_what_to_do(rule: Path) -> None:
    said = metadata(rule)
    assert sorted(said) == ["custom", "description", "related_resources", "title"]
    assert said["title"] and said["description"].strip() and said["custom"]["remediation"].strip()
    assert said["related_resources"] and all(
        one["ref"].startswith("https://") for one in said["related_resources"]
    )


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_s_package_is_its_folder(rule: Path) -> None:
    text = (rule / "policy.rego").read_text("utf-8")
    assert f'\npackage rules.{rule.parent.name}["{rule.name}"]\n' in text


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_readme_has_its_title_and_headings(rule: Path) -> None:
    text = (rule / "README.md").read_text("utf-8")
    assert text.startswith(f"# {rule.name}\n")
    assert re.findall(r"^## (.+)$", text, flags=re.M) == HEADINGS


def found_in(example: dict[str, Any], judge: Judge) -> tuple[set[str], set[str]]:
    """Return the rules that find something in an example, and those that find an error."""
    findings = judge({"overlay": "readme", "items": [example], "sources": [], "config": {}})["findings"]
    errors = {one["rule"] for one in findings if one["severity"] == "error"}
    return {one["rule"] for one in findings}, errors


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_what_a_readme_tells_to_avoid_is_found_by_that_rule_and_is_no_other_error(
    rule: Path, judge: Judge
) -> None:
    given = examples(rule, "Avoid")
    assert given
    for example in given:
        found, errors = found_in(example, judge)
        assert rule.name in found, example
        assert errors <= {rule.name}, example


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_what_a_readme_prefers_passes_that_rule_and_is_no_error(rule: Path, judge: Judge) -> None:
    given = examples(rule, "Prefer")
    assert given
    for example in given:
        found, errors = found_in(example, judge)
        assert rule.name not in found, example
        assert errors == set(), example


def test_the_report_counts_every_rule_on_an_empty_input(judge: Judge) -> None:
    assert judge({}) == {"rules": len(RULES), "findings": []}


def test_the_bundle_is_formatted_strict_and_clean() -> None:
    for command in (
        [program("opa"), "fmt", "--list", "--fail", str(POLICIES)],
        [program("opa"), "check", "--strict", str(POLICIES)],
        [program("regal"), "lint", str(POLICIES)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=POLICIES.parent)
        assert done.returncode == 0, done.stdout + done.stderr
