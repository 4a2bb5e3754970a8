import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.policies.conftest import POLICIES, Judge, opa_reports, program

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


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Return OPA's report of every example of every README, by rule, heading and number."""
    inputs = {
        f"{rule.name} {heading} {number}": {
            "overlay": "readme",
            "items": [example],
            "sources": [],
            "config": {},
        }
        for rule in RULES
        for heading in ("Avoid", "Prefer")
        for number, example in enumerate(examples(rule, heading))
    }
    return opa_reports(inputs, tmp_path_factory.mktemp("readmes"))


def found_in(judged: dict[str, dict[str, Any]], rule: Path, heading: str) -> list[tuple[set[str], set[str]]]:
    """Return for each example the rules that find something in it, and those that find an error."""
    found = [
        report["findings"] for name, report in judged.items() if name.startswith(f"{rule.name} {heading} ")
    ]
    assert found
    return [
        ({one["rule"] for one in findings}, {one["rule"] for one in findings if one["severity"] == "error"})
        for findings in found
    ]


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_what_a_readme_tells_to_avoid_is_found_by_that_rule_and_is_no_other_error(
    rule: Path, judged: dict[str, dict[str, Any]]
) -> None:
    for found, errors in found_in(judged, rule, "Avoid"):
        assert rule.name in found
        assert errors <= {rule.name}


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_what_a_readme_prefers_passes_that_rule_and_is_no_error(
    rule: Path, judged: dict[str, dict[str, Any]]
) -> None:
    for found, errors in found_in(judged, rule, "Prefer"):
        assert rule.name not in found
        assert errors == set()


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
