"""`fix` over cases of the policies' corpus: five of every rule that has a repair, `make mend` takes all."""

from pathlib import Path

import pytest

from asky_gitops.model.finding import Finding
from asky_gitops.model.manifest import ResourceRef
from tests.policies.corpus import DATA
from tests.steps.mending import RULES, beyond, lay, mended


def test_the_corpus_ends_clean_of_what_can_be_mended(repo: Path) -> None:
    lay([file for rule in RULES for file in sorted((DATA / rule).glob("*.yaml"))[:5]], repo)
    result, complaints = mended(repo)
    assert complaints == []
    assert {one.rule for one in result.fixed} == set(RULES)


OLD = "kind: A\nmetadata: {name: a}\nspec:\n  x: 1   # one\n  y: 2\n"
BEYOND = {
    "what was to be mended": ("x: 1 ", "x: 3 ", []),
    "a comment": ("# one", "# two", ["a comment is not what it was"]),
    "a comment more": ("# one\n", "# one\n# two\n", ["a comment is not what it was"]),
    "a field more": ("  y: 2", "  y: 2\n  z: 5", ["A a ('spec', 'z') was not to be mended"]),
    "a line less": ("  y: 2\n", "", ["a line is gone:   y: 2", "A a ('spec', 'y') was not to be mended"]),
    "the layout of two lines": (
        "{name: a}\nspec:",
        "{name:  a}\nspec: ",
        ["2 lines were rewritten for 1 findings"],
    ),
}


@pytest.mark.parametrize("name", BEYOND)
def test_whatever_else_would_change_is_complained_of(name: str) -> None:
    before, after, complaints = BEYOND[name]
    mended = [Finding("r", "c", "error", "", ResourceRef("v1", "A", None, "a"), ("spec", "x"), ())]
    assert OLD.count(before) == 1
    assert list(beyond(OLD, OLD.replace(before, after), mended)) == complaints
