"""What would change on disk, and what a person changed there: planned texts against the texts found."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from asky_gitops.model.tree import Ownership
from asky_gitops.tree.ownership import HASH, SHARED_MARK, State, state, with_unix_lines

Kind = Literal["new", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One file as it is to be: for a shared file, the user's own keys are in `text` already."""

    path: str
    text: str
    ownership: Ownership
    found: State | None = None
    """What a shared file on disk says about itself; for the others the text tells."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that would be written or removed; None stands for no file."""

    path: str
    kind: Kind
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """A file that a person wrote or changed where a generated one belongs."""

    path: str
    reason: str
    before: str
    """As it is on disk."""
    after: str | None
    """As it would be; None where the plan has no such file any more."""
    shared: bool = False
    """Only some keys of the file are ours."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything in which the disk differs from the plan; each part sorted by path."""

    differences: tuple[Difference, ...]
    edits: tuple[Edit, ...]
    kept: tuple[str, ...]
    """Files that declare themselves the user's own where generated ones belong."""


def compare(
    planned: Iterable[Planned],
    disk: Mapping[str, str],
    stale: Mapping[str, State],
    overwrite: Collection[str] = (),
) -> Drift:
    """Compare the planned files, and those of ours that are planned no more, with the texts on disk.

    Line endings do not count. What a person edited is no difference but an edit, unless its path is in
    `overwrite`.
    """
    differences: list[Difference] = []
    edits: list[Edit] = []
    kept: list[str] = []
    for file in planned:
        text = disk.get(file.path)
        state_found = file_state(file, text)
        if text is None:
            differences.append(Difference(file.path, "new", None, file.text))
        elif with_unix_lines(text) == file.text or file.ownership is Ownership.SEEDED:
            continue
        elif state_found is State.INTACT or file.path in overwrite or only_hash_differs(file, text):
            differences.append(Difference(file.path, "changed", text, file.text))
        elif state_found is State.KEPT:
            kept.append(file.path)
        else:
            edits.append(
                Edit(
                    file.path,
                    reason(file.ownership, state_found),
                    text,
                    file.text,
                    file.ownership is Ownership.SHARED,
                )
            )
    for path, found in stale.items():
        if found is State.INTACT or path in overwrite:
            differences.append(Difference(path, "gone", disk[path], None))
        else:
            shared = SHARED_MARK in disk[path]
            did = "holds keys of yours" if shared else "was edited by hand"
            edits.append(Edit(path, f"is no longer in the plan and {did}", disk[path], None, shared))
    return Drift(
        tuple(sorted(differences, key=lambda one: one.path)),
        tuple(sorted(edits, key=lambda one: one.path)),
        tuple(sorted(kept)),
    )


def only_hash_differs(file: Planned, text: str) -> bool:
    """Tell a hand edit that the spec has caught up with: writing it loses nothing of the person's."""
    return file.ownership is Ownership.GENERATED and content_lines(text) == content_lines(file.text)


def file_state(file: Planned, text: str | None) -> State | None:
    """Tell who wrote the file on disk last."""
    if text is None or file.ownership is Ownership.SHARED:
        return file.found
    return state(file.path, text)


def reason(ownership: Ownership, found: State | None) -> str:
    """Return why a run stops at a file, as the rest of a sentence that begins with its path."""
    if found is State.FOREIGN:
        return "is in the way and was not written by asky-gitops"
    if ownership is Ownership.SHARED:
        return "had its namespace, resources or components edited by hand"
    return "was edited by hand since it was generated"


def content_lines(text: str) -> list[str]:
    """Return the lines of a file without the hash, which differs whenever anything does."""
    return [line for line in with_unix_lines(text).splitlines() if not HASH.match(line)]
