from typing import Any

from tests.policies.corpus import Case, cases
from tests.policies.score import PAGE, Score, page, scores, table

MISSION = ("security/exposed-database", "security/inline-secret", "reliability/missing-resource-limits")


def test_the_page_says_what_the_corpus_gives(corpus_reports: dict[str, Any]) -> None:
    text = PAGE.read_text("utf-8")
    assert text == page(text, cases(), corpus_reports), "make score writes it anew"


def test_no_mission_rule_is_below_what_is_promised(corpus_reports: dict[str, Any]) -> None:
    found = scores(cases(), corpus_reports)
    assert {
        name: (score.precision >= 0.98, score.recall >= 0.98)
        for name, score in found.items()
        if name in MISSION
    } == dict.fromkeys(MISSION, (True, True))


def test_every_rule_has_at_least_four_cases_and_all_have_three_hundred(
    corpus_reports: dict[str, Any],
) -> None:
    found = scores(cases(), corpus_reports)
    assert {name: score.cases // 2 for name, score in found.items() if score.cases < 8} == {}
    assert sum(score.cases for score in found.values()) > 300


def test_a_wrong_finding_and_a_missed_one_both_count() -> None:
    resource = {"kind": "Pod", "namespace": None, "name": "a"}
    finding = {"rule": "mutable-tag", "severity": "warning", "resource": resource, "trace": []}
    said = {"findings": [{**finding, "path": ["a"]}, {**finding, "path": ["b"]}]}
    labels: list[tuple[Any, ...]] = [("warning", "Pod", None, "a", [path], []) for path in ("b", "c")]
    case = Case("mutable-tag", "x", [], {}, list(labels), "no")
    assert scores([case], {"mutable-tag/x": said}) == {"reliability/mutable-tag": Score(1, 1, 1, 1)}
    assert "| reliability/mutable-tag | 1 | 1 | 0.50 | 0.50 |" in table([case], {"mutable-tag/x": said})
