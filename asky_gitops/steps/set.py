"""`set`: change values of asky.yaml, every other byte of it as it is, when the stack they make is sound."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asky_gitops.adapters import files, spec_edit, spec_yaml, yaml_edit
from asky_gitops.adapters.spec_yaml import Located, Steps
from asky_gitops.errors import AskyError, InputError, Many
from asky_gitops.findings.masked_diff import masked_diff
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.steps.build_places import SPEC
from asky_gitops.steps.generate import load, whole_tree
from asky_gitops.tree import layout

NUMBER_OR_WORD = re.compile(r"true|false|null|~|[-+]?[0-9][0-9_.eE+-]*|0[ox][0-9a-fA-F]+")
"""What is tried as a number, a truth or nothing first, and as text when the spec wants text."""

TAG = re.compile(r"(:[^/:@]+)?(@.*)?$")
"""What follows the name by which `images:` finds an image."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One `KEY=VALUE`: where it goes, its value, and its text where that may be meant instead."""

    key: str
    steps: Steps
    value: Any
    text: str | None


@dataclass(frozen=True, slots=True)
class Stronger:
    """What an overlay says elsewhere, so that the new value does not reach it."""

    overlay: str
    where: str
    """`file:line`."""
    said: str


@dataclass(frozen=True, slots=True)
class SetResult:
    """The lines of asky.yaml that changed, values masked, and what does not follow them."""

    diff: tuple[str, ...]
    stronger: tuple[Stronger, ...]


def set_values(root: Path, assignments: Sequence[str], *, dry_run: bool = False) -> SetResult:
    """Set each `KEY=VALUE` in the asky.yaml of a root; with `dry_run` only say what would change.

    Raises InputError or Many of it for an assignment that cannot be read and for a stack that
    `generate` would refuse, ToolError for the disk and another run; nothing is written then.
    """
    wanted = [parsed(one) for one in assignments]
    with whole_tree(root, to_write=not dry_run):
        before = files.read(root, SPEC)
        if before is None:
            raise InputError("not found", SPEC, "`asky-gitops init` writes one")
        text = spec_yaml.read(root / SPEC, SPEC)
        try:
            after, stack = changed(root, text, wanted)
        except AskyError as error:
            raise Many(error.errors if isinstance(error, Many) else [error], "nothing was written") from None
        if after != text and not dry_run:
            mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
            files.apply(root, [files.Change(SPEC, before, mark + after.encode())])
    lines = [line for line in masked_diff(SPEC, text, after, context=0)[2:] if not line.startswith("@@")]
    return SetResult(tuple(lines), tuple(find_stronger(root, stack, spec_yaml.parse(after, SPEC), wanted)))


def parsed(assignment: str) -> Assignment:
    r"""Read `services.auth.replicas=3`; a dot inside a key is written `\.`."""
    key, equals, text = assignment.partition("=")
    steps = tuple(one.replace("\\.", ".") for one in re.split(r"(?<!\\)\.", key))
    if not equals or not all(steps):
        raise InputError(
            f"{key} is not KEY=VALUE", hint="such as services.auth.image=ghcr.io/acme/auth:1.4.3"
        )
    if text[:1] in ("[", "{", '"', "'"):
        try:
            return Assignment(key, steps, spec_yaml.parse(text, key).data, None)
        except AskyError as error:
            reason = error.errors[0] if isinstance(error, Many) else error
            raise InputError(
                f"its value {reason.message}", key, "quote it for the shell: 'KEY=[a, b]'"
            ) from None
    if NUMBER_OR_WORD.fullmatch(text):
        value = spec_yaml.parse(text, key).data
        return Assignment(key, steps, value, text if value is not None else None)
    return Assignment(key, steps, text, None)


def changed(root: Path, text: str, wanted: Sequence[Assignment]) -> tuple[str, Stack]:
    """Return the new text and its stack; a number where the spec wants text becomes text."""
    values = {one.steps: one.value for one in wanted}
    after = spec_edit.edited(text, values, SPEC)
    try:
        return after, judged(root, after)
    except Many as error:
        places = places_of(after, wanted)
        wrong = [places[one.where] for one in error.errors if one.where in places]
        texts = {one.steps: one.text for one in wrong if one.text is not None}
        if texts:
            again = spec_edit.edited(text, {**values, **texts}, SPEC)
            try:
                return again, judged(root, again)
            except Many:
                # What the value was first taken for is what its author hears about.
                pass
        raise Many([said_of(one, places, text, after) for one in error.errors]) from None


def judged(root: Path, text: str) -> Stack:
    """Return the stack of a text; raise what `generate` would stop at."""
    stack = load(root, text)
    try:
        layout.plan(stack)
    except Many:
        raise
    except AskyError as error:
        raise Many([error]) from None
    return stack


def places_of(text: str, wanted: Sequence[Assignment]) -> dict[str, Assignment]:
    """Return which assignment put something at `file:line:column`, for keys as well as values."""
    located = spec_yaml.parse(text, SPEC)
    every = [(one, one.steps[:length]) for one in wanted for length in range(1, len(one.steps) + 1)]
    keys = {located.where(located.key(steps)): one for one, steps in every}
    return keys | {located.where(located.value(one.steps)): one for one in wanted}


def said_of(error: AskyError, places: Mapping[str, Assignment], before: str, after: str) -> AskyError:
    """Place an error for someone who sees the old file: at the key that was typed, else at its line."""
    where = error.where or ""
    if where in places:
        return InputError(error.message, places[where].key, error.hint)
    if where.startswith(f"{SPEC}:") and before.count("\n") != after.count("\n"):
        return InputError(error.message, SPEC, error.hint)
    return error


def find_stronger(
    root: Path, stack: Stack, located: Located, wanted: Sequence[Assignment]
) -> Iterator[Stronger]:
    """Yield what overlays say of the same values in the spec and in the entries that bots write."""
    for one in wanted:
        for overlay in stack.overlays:
            for steps in above(one.steps, overlay):
                if steps in located.values:
                    where = f"{SPEC}:{located.value(steps)[0]}"
                    yield Stronger(overlay, where, spec_edit.dotted(steps))
        match one.steps:
            case ("services", str(name), "image" | "replicas" as field) if name in stack.services:
                for each in stack.overlays.values():
                    yield from of_entry(root, each, field, name)
            case ("overlays", str(of), "services", str(name), "image" | "replicas" as field):
                yield from of_entry(root, stack.overlays[of], field, name)


def above(steps: Steps, overlay: str) -> list[Steps]:
    """Return where an overlay may say something stronger than what stands at `steps`."""
    if steps[0] == "services" and len(steps) > 2:
        return [("overlays", overlay, *steps), ("overlays", overlay, "defaults", *steps[2:])]
    return [("overlays", overlay, *steps)] if steps[0] in ("defaults", "database", "monitoring") else []


def of_entry(root: Path, overlay: Overlay, field: str, service: str) -> Iterator[Stronger]:
    """Yield what an overlay's entry kustomization sets of a service's image or replicas."""
    path = f"overlays/{overlay.name}/kustomization.yaml"
    content = files.read(root, path)
    if content is None:
        return
    data = yaml_edit.read_mapping(content.decode("utf-8", "replace"), path)
    key, name = (
        ("images", TAG.sub("", overlay.services[service].image))
        if field == "image"
        else ("replicas", service)
    )
    items = data.get(key)
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict) and item.get("name") == name:
            said = {each: item[each] for each in ("newName", "newTag", "digest", "count") if each in item}
            words = ", ".join(f"{each}: {value}" for each, value in said.items())
            if words:
                yield Stronger(
                    overlay.name, f"{path}:{yaml_edit.position_of(items, index) + 1}", f"{key} has {words}"
                )
