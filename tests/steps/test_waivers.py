"""What waivers do to a run: what they cover, when they end, and that a wrong one never passes."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Outcome

Invoke = Callable[..., Outcome]
SERVICE = "overlays/minikube/generated/postgres/service.yaml"
AUTH = "base/auth/deployment.yaml"
SECRET = "spec.template.spec.containers[0].env[6].value"
HEAD = "apiVersion: asky-gitops.dev/v1alpha1\nkind: Waivers\nwaivers:\n"
EXPOSED = "rule: exposed-database, resource: asky/Service/postgres"
INLINE = "rule: inline-secret, resource: asky/Deployment/auth"


def change(root: Path, name: str, before: str, after: str) -> None:
    text = (root / name).read_text()
    assert before in text
    (root / name).write_text(text.replace(before, after, 1))


def waive(root: Path, *entries: str) -> None:
    (root / "waivers.yaml").write_text(HEAD + "".join(f"- {{{entry}}}\n" for entry in entries))


@pytest.fixture
def spoiled(stack: Path) -> Path:
    """The generated example with a public database and a password in a variable."""
    change(stack, SERVICE, "type: ClusterIP", "type: LoadBalancer")
    change(
        stack,
        AUTH,
        "- name: LOG_LEVEL\n          value: info",
        "- name: SMTP_PASSWORD\n          value: hunter2",
    )
    return stack


def findings(outcome: Outcome) -> list[tuple[str, list[str], str | None]]:
    """Return rule, overlays and the waiver's reason of every finding."""
    return [
        (one["rule"], one["overlays"], one["waiver"] and one["waiver"]["reason"])
        for one in json.loads(outcome.out)["findings"]
    ]


def problems(outcome: Outcome) -> list[str]:
    """Return the problems of a text report, with their hints."""
    return re.findall(r"^error: .*(?:\n  fix .*)?", outcome.out, re.M)


def test_what_is_waived_is_counted_and_does_not_fail(spoiled: Path, invoke: Invoke) -> None:
    waive(spoiled, f"{EXPOSED}, reason: a classroom", f"{INLINE}, field: '{SECRET}', reason: known")
    outcome = invoke("check", cwd=spoiled)
    assert (outcome.status, outcome.err) == (0, "")
    said = re.sub(r"^note: profile dev .*\n\n", "", outcome.out)
    assert re.fullmatch(r"2 waived · 2 overlays, \d+ objects, \d+ rules · \d+\.\d\d s\n", said)


def test_the_json_shows_what_is_waived_and_by_which_entry(spoiled: Path, invoke: Invoke) -> None:
    waive(spoiled, f"{EXPOSED}, overlay: minikube, reason: a classroom, owner: platform, until: 2999-12-31")
    report = json.loads(invoke("check", "--format", "json", cwd=spoiled).out)
    assert [one["waiver"] for one in report["findings"]] == [
        None,
        {
            "reason": "a classroom",
            "owner": "platform",
            "until": "2999-12-31",
            "location": {"file": "waivers.yaml", "line": 4, "column": 3},
        },
    ]
    assert {key: report["summary"][key] for key in ("errors", "waived", "exitCode")} == {
        "errors": 1,
        "waived": 1,
        "exitCode": 1,
    }


def test_without_waivers_everything_is_reported(spoiled: Path, invoke: Invoke) -> None:
    waive(spoiled, f"{EXPOSED}, reason: a classroom", f"{INLINE}, reason: known")
    outcome = invoke("check", "--no-waivers", "--format", "json", cwd=spoiled)
    assert outcome.status == 1
    assert findings(outcome) == [
        ("inline-secret", ["eks", "minikube"], None),
        ("exposed-database", ["minikube"], None),
    ]


def test_a_waiver_for_one_overlay_leaves_the_other_a_finding(spoiled: Path, invoke: Invoke) -> None:
    waive(spoiled, f"{INLINE}, overlay: minikube, reason: known", f"{EXPOSED}, reason: a classroom")
    outcome = invoke("check", "--format", "json", cwd=spoiled)
    assert outcome.status == 1
    assert findings(outcome) == [
        ("inline-secret", ["eks"], None),
        ("inline-secret", ["minikube"], "known"),
        ("exposed-database", ["minikube"], "a classroom"),
    ]


COVERS_NOTHING = (
    "error: waivers.yaml:4:3: this waiver covers nothing\n"
    "  fix   remove it, or name what is found: asky-gitops check --waive --rule exposed-database"
)
CASES = {
    "one that covers nothing": (
        ["rule: mutable-tag, resource: asky/Service/postgres, reason: r"],
        ["error: waivers.yaml:4:3: this waiver covers nothing\n  fix   remove it"],
    ),
    "one that names another field than is found": (
        [f"{EXPOSED}, field: spec.ports, reason: r"],
        [COVERS_NOTHING],
    ),
    "one that is over": (
        [f"{EXPOSED}, reason: r, until: 2020-02-29"],
        [
            "error: waivers.yaml:4:3: this waiver ended on 2020-02-29\n"
            "  fix   mend the finding, or decide anew and move `until`"
        ],
    ),
    "one for a rule that does not exist": (
        ["rule: exposed-databse, resource: asky/Service/postgres, reason: r"],
        [
            'error: waivers.yaml:4:3: there is no rule "exposed-databse"\n'
            '  fix   did you mean "exposed-database"?'
        ],
    ),
    "one for an overlay it does not apply to": (
        [f"{EXPOSED}, overlay: eks, reason: r"],
        [COVERS_NOTHING],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_waiver_that_is_not_right_is_an_error_and_covers_nothing(
    spoiled: Path, invoke: Invoke, case: str
) -> None:
    entries, expected = CASES[case]
    waive(spoiled, *entries)
    outcome = invoke("check", "--fail-on", "never", cwd=spoiled)
    assert (outcome.status, problems(outcome)) == (2, expected)
    assert "error[exposed-database]" in outcome.out


def test_one_that_covers_several_fields_is_too_wide(spoiled: Path, invoke: Invoke) -> None:
    change(
        spoiled,
        AUTH,
        "- name: SMTP_PASSWORD",
        "- name: A_TOKEN\n          value: sesame1\n        - name: SMTP_PASSWORD",
    )
    waive(spoiled, f"{INLINE}, reason: r")
    outcome = invoke("check", "--rule", "inline-secret", cwd=spoiled)
    assert (outcome.status, problems(outcome)) == (
        2,
        [
            "error: waivers.yaml:4:3: this waiver is too wide: it covers 2 fields "
            "(spec.template.spec.containers[0].env[6].value, spec.template.spec.containers[0].env[7].value)\n"
            "  fix   one entry with a `field` for each"
        ],
    )


def test_what_a_narrow_run_did_not_look_at_is_not_said_to_cover_nothing(
    spoiled: Path, invoke: Invoke
) -> None:
    waive(spoiled, f"{EXPOSED}, reason: a classroom", f"{INLINE}, reason: known")
    for arguments in (["--overlay", "eks"], ["--rule", "missing-resource-limits"], ["overlays/eks"]):
        outcome = invoke("check", *arguments, cwd=spoiled)
        assert (outcome.status, problems(outcome)) == (0, []), arguments
    waive(spoiled, f"{INLINE}, overlay: eks, reason: known", f"{EXPOSED}, overlay: eks, reason: r")
    outcome = invoke("check", "--overlay", "eks", cwd=spoiled)
    assert outcome.status == 2


def test_a_waiver_bound_to_a_value_ends_when_the_value_changes(spoiled: Path, invoke: Invoke) -> None:
    proposed = invoke("check", "--waive", "--bind", cwd=spoiled).out
    assert "hunter2" not in proposed
    (spoiled / "waivers.yaml").write_text(re.sub(r"REPLACE\S+", "known", proposed))
    assert invoke("check").status == 0
    change(spoiled, AUTH, "hunter2", "hunter3")
    outcome = invoke("check")
    assert (outcome.status, problems(outcome)) == (
        2,
        [
            "error: waivers.yaml:4:3: the value this waiver was bound to has changed\n"
            "  fix   look at the new value; asky-gitops check --waive --bind proposes an entry for it"
        ],
    )
    assert "error[inline-secret]" in outcome.out


def test_a_waiver_not_bound_covers_the_name_of_a_generated_object_whatever_its_hash(
    stack: Path, invoke: Invoke
) -> None:
    custom = stack / "overlays/eks/custom"
    for value in ("one", "two"):
        (custom / "kustomization.yaml").write_text(
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
            f"configMapGenerator: [{{name: app, literals: [DB_PASSWORD={value}-sesame]}}]\n"
        )
        waive(
            stack,
            "rule: inline-secret, resource: asky/ConfigMap/app, field: data.DB_PASSWORD, reason: r",
            "rule: inline-secret, file: overlays/eks/custom/kustomization.yaml, reason: r",
        )
        outcome = invoke("check", "--rule", "inline-secret", "--format", "json", cwd=stack)
        rendered = [one for one in json.loads(outcome.out)["findings"] if one["resource"]]
        assert [one["waiver"]["reason"] for one in rendered] == ["r"]


def test_proposed_entries_are_whole_but_for_the_reason_and_can_be_appended(
    spoiled: Path, invoke: Invoke
) -> None:
    until = (date.today() + timedelta(days=90)).isoformat()
    outcome = invoke("check", "--waive", cwd=spoiled)
    first, second = (
        f"""\
- rule: {rule}
  resource: {resource}
  field: {field}
{overlay}  reason: REPLACE-WITH-WHY-THIS-IS-RIGHT-HERE
  owner: REPLACE-WITH-WHO-ANSWERS-FOR-IT
  until: "{until}"
"""
        for rule, resource, field, overlay in (
            ("inline-secret", "asky/Deployment/auth", SECRET, ""),
            ("exposed-database", "asky/Service/postgres", "spec.type", "  overlay: minikube\n"),
        )
    )
    assert (outcome.status, outcome.out, outcome.err) == (1, HEAD + first + second, "")
    (spoiled / "waivers.yaml").write_text(f"{HEAD}  - {{{INLINE}, field: '{SECRET}', reason: known}}\n")
    more = invoke("check", "--waive").out
    assert more == re.sub(r"^", "  ", second, flags=re.M).rstrip(" ")
    with (spoiled / "waivers.yaml").open("a") as file:
        file.write(re.sub(r"REPLACE\S+", "known", more))
    assert invoke("check").status == 0
    assert invoke("check", "--waive") == Outcome(0, "", "there is nothing to waive\n")


def test_an_entry_as_proposed_is_refused_until_it_says_why(spoiled: Path, invoke: Invoke) -> None:
    (spoiled / "waivers.yaml").write_text(invoke("check", "--waive", cwd=spoiled).out)
    outcome = invoke("check")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.splitlines()[0] == (
        'error: waivers.yaml:7:11: reason "REPLACE-WITH-WHY-THIS-IS-RIGHT-HERE" is not an answer of yours'
    )


MISUSED = {
    ("--bind",): "--bind needs --waive",
    ("--waive", "--format", "json"): "--waive prints entries for waivers.yaml: it has no --format",
}


@pytest.mark.parametrize("arguments", MISUSED)
def test_what_proposing_cannot_do_is_a_usage_error(
    stack: Path, invoke: Invoke, arguments: tuple[str, ...]
) -> None:
    outcome = invoke("check", *arguments, cwd=stack)
    assert (outcome.status, outcome.out, outcome.err.splitlines()[-1]) == (
        2,
        "",
        f"Error: {MISUSED[arguments]}",
    )
