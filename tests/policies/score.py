"""Precision and recall of every rule over the labelled corpus: the table in docs/accuracy.md.

`python -m tests.policies.score` prints it and writes it there; a finding counts as right when rule, severity,
object, field and way are those of a label.
"""

import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.policies.conftest import POLICIES, ROOT, opa_reports
from tests.policies.corpus import Case, cases, reported

PAGE = ROOT / "docs" / "accuracy.md"
BEGIN, END = "<!-- score -->\n", "<!-- /score -->\n"


@dataclass(frozen=True)
class Score:
    """What one rule said of its cases: findings that were right, that nobody labelled, that were missed."""

    cases: int
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Return the part of the findings that are right."""
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Return the part of the labels that are found."""
        return self.right / (self.right + self.missed)


def scores(given: Iterable[Case], reports: dict[str, Any]) -> dict[str, Score]:
    """Return each rule's score, by `category/rule`."""
    found: dict[str, Score] = {}
    for case in given:
        folder = next((POLICIES / "rules").glob(f"*/{case.rule}"))
        said = Counter(map(repr, reported(reports[f"{case.rule}/{case.name}"], case.rule)))
        labelled = Counter(map(repr, case.expected))
        right = (said & labelled).total()
        before = found.get(f"{folder.parent.name}/{case.rule}", Score(0, 0, 0, 0))
        found[f"{folder.parent.name}/{case.rule}"] = Score(
            before.cases + 1,
            before.right + right,
            before.wrong + said.total() - right,
            before.missed + labelled.total() - right,
        )
    return dict(sorted(found.items()))


def table(given: list[Case], reports: dict[str, Any]) -> str:
    """Return the score as Markdown, and every miss with its reason."""
    rows = scores(given, reports)
    lines = ["| rule | cases | found | precision | recall |", "|---|--:|--:|--:|--:|"]
    for name, score in rows.items():
        lines.append(
            f"| {name} | {score.cases} | {score.right} | {score.precision:.2f} | {score.recall:.2f} |"
        )
    total = Score(
        *(sum(getattr(score, field) for score in rows.values()) for field in Score.__dataclass_fields__)
    )
    counted = f"{total.cases} | {total.right} | {total.precision:.3f} | {total.recall:.3f}"
    lines.append(f"| **all {len(rows)}** | {counted} |")
    lines += ["", "Misses that are known:", ""]
    lines += [f"- `{case.rule}/{case.name}`: {case.miss}" for case in given if case.miss]
    return "\n".join(lines) + "\n"


def page(text: str, given: list[Case], reports: dict[str, Any]) -> str:
    """Return the page with the table made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table(given, reports)}{END}{after}"


def main() -> None:
    """Judge the corpus, print the table and keep it."""
    given = cases()
    inputs = {f"{case.rule}/{case.name}": case.input for case in given}
    with tempfile.TemporaryDirectory() as folder:
        reports = opa_reports(inputs, Path(folder))
    print(table(given, reports), end="")
    PAGE.write_text(page(PAGE.read_text("utf-8"), given, reports), "utf-8")


if __name__ == "__main__":
    main()
