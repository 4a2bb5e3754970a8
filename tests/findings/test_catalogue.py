from dataclasses import replace

import pytest

from asky_gitops.errors import InputError
from asky_gitops.findings.catalogue import described, selected
from asky_gitops.model.finding import Finding, Rule

RULE = Rule(
    id="exposed-database",
    category="security",
    title="The internet can reach a database",
    description="",
    remediation="remove it",
    verbs=("deny",),
    related=(),
)
FINDING = Finding("exposed-database", "security", "error", "message", None, (), ("eks",))


def test_a_finding_says_what_its_rule_says_to_do() -> None:
    other = replace(FINDING, category="style")
    own = replace(FINDING, remediation="its own words")
    assert described([FINDING, other, own], [RULE]) == [replace(FINDING, remediation="remove it"), other, own]


def test_without_a_wish_every_rule_is_reported_and_the_schemas_too() -> None:
    assert selected([], [RULE]) == {"exposed-database", "schema-error"}
    assert selected(["schema-error"], [RULE]) == {"schema-error"}


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("exposed-databse", 'did you mean "exposed-database"?'),
        ("zzz", "asky-gitops rules lists them"),
    ],
)
def test_a_rule_that_does_not_exist_is_refused_with_the_nearest_one(asked: str, hint: str) -> None:
    with pytest.raises(InputError) as stopped:
        selected([asked], [RULE])
    assert (stopped.value.message, stopped.value.hint) == (f'there is no rule "{asked}"', hint)
