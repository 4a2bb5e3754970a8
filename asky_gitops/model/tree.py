"""The files a stack becomes: path, content and who owns it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Ownership(StrEnum):
    """Who may change a file, see docs/architecture.md."""

    GENERATED = "generated"
    """Ours: a header holds the hash of the rest; a hand edit stops the run."""
    SEEDED = "seeded"
    """Written once, the user's from then on."""
    SHARED = "shared"
    """`namespace`, `resources` and `components` are ours, every other key is the user's."""


@dataclass(frozen=True, slots=True)
class File:
    """One planned file. `path` is relative to the repository, with forward slashes.

    `content` is either text, written as it is, or a list of YAML documents (plain data) that the
    one YAML printer turns into text.
    """

    path: str
    content: str | list[dict[str, Any]]
    ownership: Ownership = Ownership.GENERATED
    comment: str | None = None
    """One line under the header that tells the reader why the file exists or where to edit."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Every file one spec becomes, sorted by path."""

    files: tuple[File, ...]
