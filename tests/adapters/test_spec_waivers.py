"""`waivers.yaml` is read whole: every error at once, each with its line and column."""

import jsonschema
import pytest
import yaml

from asky_gitops.adapters.spec_waivers import parse, schema
from asky_gitops.errors import AskyError, Many
from asky_gitops.model.waiver import Waiver

HEAD = "apiVersion: asky-gitops.dev/v1alpha1\nkind: Waivers\nwaivers:\n"
DIGEST = "scrypt:AZY4xv8csfZ2FeiDDTFn-g==:Wew1Kh50pt0vKy9zcb49H8M9wDyWs6wl"
FULL = f"""\
  - rule: exposed-database
    resource: asky/Service/postgres
    field: spec.type
    overlay: minikube
    reason: a classroom, without data
    owner: platform team
    until: 2027-03-31
    value: {DIGEST}
  - {{rule: inline-secret, file: sql/seeds/0001_users.sql, reason: sample data}}
"""


def errors(entries: str) -> list[str]:
    try:
        parse(entries if entries.startswith("a") else HEAD + entries, "waivers.yaml")
    except Many as many:
        return [f"{one.where}: {one.message}" for one in many.errors]
    except AskyError as error:
        return [f"{error.where}: {error.message}"]
    return []


def test_an_entry_says_what_is_waived_why_by_whom_and_until_when() -> None:
    assert parse(HEAD + FULL, "waivers.yaml") == (
        Waiver(
            rule="exposed-database",
            reason="a classroom, without data",
            resource="asky/Service/postgres",
            field="spec.type",
            overlay="minikube",
            owner="platform team",
            until="2027-03-31",
            value=DIGEST,
            line=4,
            column=5,
        ),
        Waiver(
            rule="inline-secret", reason="sample data", file="sql/seeds/0001_users.sql", line=12, column=5
        ),
    )


WRONG = {
    "an unknown key": (
        "  - {rule: a, resource: Pod/x, reason: r, overlays: eks}\n",
        ['waivers.yaml:4:43: unknown key "overlays" in waivers[0]; did you mean "overlay"?'],
    ),
    "no reason": ("  - {rule: a, resource: Pod/x}\n", ["waivers.yaml:4:5: waivers[0] needs reason"]),
    "an empty reason": (
        "  - {rule: a, resource: Pod/x, reason: ''}\n",
        ['waivers.yaml:4:40: reason "" is not an answer of yours'],
    ),
    "a reason still to be written": (
        "  - {rule: a, resource: Pod/x, reason: REPLACE-WITH-WHY}\n",
        ['waivers.yaml:4:40: reason "REPLACE-WITH-WHY" is not an answer of yours'],
    ),
    "no object": (
        "  - {rule: a, reason: r}\n",
        ["waivers.yaml:4:5: waivers[0] needs a resource or a file: a waiver is about one thing"],
    ),
    "every rule": (
        "  - {rule: '*', resource: Pod/x, reason: r}\n",
        ['waivers.yaml:4:12: rule "*" is not the id of one rule'],
    ),
    "every object of a kind": (
        "  - {rule: a, resource: Pod/*, reason: r}\n",
        ['waivers.yaml:4:25: resource "Pod/*" is not one object: Kind/name or namespace/Kind/name'],
    ),
    "a day that is none": (
        "  - {rule: a, resource: Pod/x, reason: r, until: 2027-02-30}\n",
        ['waivers.yaml:4:50: until "2027-02-30" is not a day such as 2027-03-31'],
    ),
    "a value instead of a digest": (
        "  - {rule: a, resource: Pod/x, reason: r, value: hunter2}\n",
        ['waivers.yaml:4:50: value "hunter2" is not a digest as `check --waive --bind` makes it'],
    ),
    "the same twice": (
        "  - {rule: a, resource: Pod/x, reason: r}\n  - {rule: a, resource: Pod/x, reason: s}\n",
        ["waivers.yaml:5:5: waivers[1] is about the same finding as waivers[0]"],
    ),
    "another format": (
        "apiVersion: v1\nkind: List\nwaivers: []\n",
        [
            'waivers.yaml:1:13: apiVersion "v1" is not asky-gitops.dev/v1alpha1',
            'waivers.yaml:2:7: kind "List" is not Waivers',
        ],
    ),
    "two errors": (
        "  - {rule: a, resource: Pod/x}\n  - {resource: Pod/x, reason: r}\n",
        ["waivers.yaml:4:5: waivers[0] needs reason", "waivers.yaml:5:5: waivers[1] needs rule"],
    ),
    "broken YAML": (
        "  - {rule: a\n",
        ["waivers.yaml:5:1: is not YAML: did not find expected ',' or '}' while parsing a flow mapping"],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_place(name: str) -> None:
    entries, expected = WRONG[name]
    assert errors(entries) == expected


def test_more_digests_than_a_machine_can_check_at_once_are_refused() -> None:
    entries = "".join(
        f"  - {{rule: a, resource: Pod/x{n}, reason: r, value: '{DIGEST}'}}\n" for n in range(201)
    )
    assert errors(entries) == ["waivers.yaml:3:1: waivers has more than 200 digests"]


def test_the_schema_takes_what_is_read_and_refuses_what_is_not() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    assert list(validator.iter_errors(yaml.load(HEAD + FULL, yaml.BaseLoader))) == []
    for name in ("an unknown key", "no reason", "no object", "every rule", "every object of a kind"):
        assert list(validator.iter_errors(yaml.load(HEAD + WRONG[name][0], yaml.BaseLoader))), name
