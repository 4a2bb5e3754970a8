"""What the author decided to live with: one waiver covers one rule at one object."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiver:
    """One entry of `waivers.yaml`."""

    rule: str
    reason: str
    resource: str | None = None
    """`Kind/name` or `namespace/Kind/name`."""
    file: str | None = None
    """The source file, for a finding that belongs to no object."""
    field: str | None = None
    """As findings write it, such as `spec.ports[0].port`; None is any one field."""
    overlay: str | None = None
    """None is every overlay."""
    owner: str | None = None
    until: str | None = None
    """The last day it counts, `YYYY-MM-DD`."""
    value: str | None = None
    """A digest of the field's value (findings/digest.py); another value is another finding."""
    line: int = 0
    column: int = 0
    """Where the entry stands in waivers.yaml, from 1."""
