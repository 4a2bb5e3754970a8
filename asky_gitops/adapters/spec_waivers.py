"""Reads `waivers.yaml`: every error at once, each with its line and column."""
# ruff: noqa: RUF009 - `key` and `required` return dataclass fields, which ruff cannot see

from dataclasses import dataclass
from typing import Any, Literal

from asky_gitops.adapters import spec_scalars as leaf
from asky_gitops.adapters import spec_yaml
from asky_gitops.adapters.spec_decode import Complaints, converter, judge
from asky_gitops.adapters.spec_keys import key, required
from asky_gitops.adapters.spec_schema import DIALECT, described
from asky_gitops.errors import Many
from asky_gitops.model.waiver import Waiver

MOST_DIGESTS = 200
"""Each costs tens of milliseconds; a file of a stranger's must not keep a machine busy for minutes."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Entry:
    """One finding that is lived with, and why."""

    rule: leaf.RuleId = required("Id of the rule.")
    resource: leaf.ObjectRef | None = key("The object, as Kind/name or namespace/Kind/name.")
    file: leaf.SourceFile | None = key("Instead of `resource`: the file, for a finding on no object.")
    field: leaf.FieldPath | None = key(
        "The field, as the report writes it; left out where there is one only."
    )
    overlay: leaf.OverlayName | None = key("The overlay; all of them when left out.")
    reason: leaf.Words = required("Why this is right here.")
    owner: leaf.Words | None = key("Who answers for it.")
    until: leaf.Day | None = key("The last day it counts, YYYY-MM-DD; an error from the next day on.")
    value: leaf.Digest | None = key("Digest of the value; another value is a finding again.")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Waivers:
    """The findings a team lives with."""

    api_version: Literal["asky-gitops.dev/v1alpha1"] = required("Version of this format.")
    kind: Literal["Waivers"] = required("Always Waivers.")
    waivers: tuple[Entry, ...] = required("One entry a finding.")


def parse(text: str, file: str) -> tuple[Waiver, ...]:
    """Return the waivers of a file's text. Raises InputError or Many of it for what is wrong in it."""
    located = spec_yaml.parse(text, file)
    complaints = Complaints(located)
    judge(located, Waivers, complaints)
    entries = located.data.get("waivers") if isinstance(located.data, dict) else None
    listed = [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
    if sum("value" in one for one in listed) > MOST_DIGESTS:
        complaints.add(("waivers",), f"waivers has more than {MOST_DIGESTS} digests", key=True)
    seen: dict[str, int] = {}
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            _about_one_thing(entry, seen, number, complaints)
    if complaints.errors:
        raise Many(complaints.errors)
    read: Waivers = converter().structure(located.data, Waivers)
    return tuple(_waiver(entry, located.value(("waivers", n))) for n, entry in enumerate(read.waivers))


def _about_one_thing(
    entry: dict[str, Any], seen: dict[str, int], number: int, complaints: Complaints
) -> None:
    steps = ("waivers", number)
    if ("resource" in entry) == ("file" in entry):
        complaints.add(steps, f"waivers[{number}] needs a resource or a file: a waiver is about one thing")
    about = repr([entry.get(name) for name in ("rule", "resource", "file", "field", "overlay")])
    if (first := seen.setdefault(about, number)) != number:
        complaints.add(steps, f"waivers[{number}] is about the same finding as waivers[{first}]")


def _waiver(entry: Entry, place: tuple[int, int]) -> Waiver:
    return Waiver(
        rule=entry.rule,
        reason=entry.reason.strip(),
        resource=entry.resource,
        file=entry.file,
        field=entry.field,
        overlay=entry.overlay,
        owner=entry.owner,
        until=entry.until,
        value=entry.value,
        line=place[0],
        column=place[1],
    )


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the file."""
    definitions: dict[str, Any] = {}
    root = described(Waivers, definitions)
    definitions["Entry"]["oneOf"] = [{"required": ["resource"]}, {"required": ["file"]}]
    return {"$schema": DIALECT, "title": "waivers.yaml", **root, "$defs": definitions}
