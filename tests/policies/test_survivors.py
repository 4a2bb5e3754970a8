"""What mutation testing leaves: `make mutate` measures, here the list is held to the policies' text."""

import yaml

from tests.policies.conftest import POLICIES
from tests.policies.mutation import SURVIVORS


def test_each_reason_is_given_once_and_for_an_expression_that_is_there() -> None:
    entries = yaml.safe_load(SURVIVORS.read_text("utf-8"))
    gone = [
        entry
        for entry in entries
        if (POLICIES / entry["at"]).read_text("utf-8").count(entry["expression"]) < entry.get("which", 1)
    ]
    places = [(entry["at"], entry["expression"], entry.get("which", 1)) for entry in entries]
    unexplained = [
        place for place, entry in zip(places, entries, strict=True) if not entry["reason"].endswith(".")
    ]
    assert (gone, sorted(set(places)), unexplained) == ([], sorted(places), [])
