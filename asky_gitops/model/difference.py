"""What changes in a cluster between two renders, object by object."""

from dataclasses import dataclass
from typing import Literal

from asky_gitops.model.manifest import ResourceRef

Kind = Literal["added", "changed", "removed", "replaced"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field; the values are fit to be seen, None is a field that is not there."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """One object; `replaced` is one that must be made anew, or that has another generated name."""

    kind: Kind
    resource: ResourceRef
    fields: tuple[FieldChange, ...] = ()
    dangers: tuple[str, ...] = ()
    """Why to look twice: data that goes, a way that opens, a change the API server refuses."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes in each target since a revision."""

    since: str
    targets: tuple[tuple[str, tuple[ObjectChange, ...]], ...]

    @property
    def empty(self) -> bool:
        """Whether nothing changes anywhere."""
        return not any(changes for _, changes in self.targets)
