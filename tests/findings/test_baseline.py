from dataclasses import replace

import pytest

from asky_gitops.findings.baseline import marked, of_document, of_report
from asky_gitops.findings.fingerprint import fingerprint
from asky_gitops.formats.json import document
from asky_gitops.model.finding import Finding, Location, Report
from asky_gitops.model.manifest import ResourceRef

AUTH = ResourceRef("apps/v1", "Deployment", "asky", "auth")


def secret(name: str, number: int, *overlays: str) -> Finding:
    found = Finding(
        "inline-secret", "security", "error", f"the value of {name} is written out", AUTH,
        ("spec", "env", number, "value"), overlays or ("eks",),
    )  # fmt: skip
    return replace(found, fingerprint=fingerprint(found))


def exposed(message: str = "the internet can reach a database") -> Finding:
    at = ResourceRef("v1", "Service", "asky", "postgres")
    found = Finding("exposed-database", "security", "error", message, at, ("spec", "type"), ("eks",))
    return replace(found, fingerprint=fingerprint(found))


def in_file(file: str) -> Finding:
    found = Finding(
        "inline-secret", "security", "error", "a password", None, (), ("eks",), Location(file, 3, 1, 3, 9)
    )
    return replace(found, fingerprint=fingerprint(found))


def report(*findings: Finding) -> Report:
    return Report({}, (), findings)


def new(before: Report, now: Report, **renamed: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return message and overlays of what is new, by the report and by what its JSON holds."""
    result = marked(now, of_report(before, renamed, {}))
    if not renamed:
        assert marked(now, of_document(document(before))) == result
    return [(one.message, one.overlays) for one in result.findings if not one.known]


def test_what_was_there_is_known() -> None:
    assert new(report(exposed()), report(exposed())) == []
    assert new(report(), report(exposed())) == [(exposed().message, ("eks",))]


def test_an_item_that_moved_in_its_list_is_the_same_one() -> None:
    before = report(secret("A_TOKEN", 0))
    assert new(before, report(secret("B_TOKEN", 0), secret("A_TOKEN", 1))) == [
        ("the value of B_TOKEN is written out", ("eks",))
    ]


def test_another_item_in_the_same_place_is_a_new_one() -> None:
    assert new(report(secret("A_TOKEN", 0)), report(secret("B_TOKEN", 0))) == [
        ("the value of B_TOKEN is written out", ("eks",))
    ]


def test_a_field_is_the_same_one_when_the_rule_says_it_in_other_words() -> None:
    assert new(report(exposed("the world can reach it")), report(exposed())) == []


def test_what_spreads_to_another_overlay_is_new_there() -> None:
    before, now = report(secret("A_TOKEN", 0, "eks")), report(secret("A_TOKEN", 0, "eks", "minikube"))
    assert new(before, now) == [("the value of A_TOKEN is written out", ("minikube",))]


def test_each_finding_of_then_answers_for_one_of_now() -> None:
    twice = report(secret("A_TOKEN", 0), secret("A_TOKEN", 1))
    assert new(report(secret("A_TOKEN", 0)), twice) == [("the value of A_TOKEN is written out", ("eks",))]


def test_a_file_that_was_renamed_keeps_its_findings() -> None:
    before, now = report(in_file("old")), report(in_file("new"))
    assert new(before, now, old="new") == []
    assert new(before, now) == [("a password", ("eks",))]


@pytest.mark.parametrize("odd", [{}, {"schemaVersion": "2", "findings": []}, {"schemaVersion": "1"}])
def test_anything_but_a_report_is_refused(odd: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        of_document(odd)
