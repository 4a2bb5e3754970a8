"""What a check found: findings, targets, errors, and the report that holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from asky_gitops.model.connections import Connections
from asky_gitops.model.manifest import ResourceRef
from asky_gitops.model.waiver import Waiver

Severity = Literal["error", "warning"]
FailOn = Literal["error", "warning", "never"]
Path = tuple[str | int, ...]
"""A field inside an object, one element a key or an index: ("spec", "ports", 0, "port")."""


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A range in a source file; lines and columns count from 1, the end column is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that takes part in a finding, and how."""

    file: str
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A place that says something about a field: what it is, and whether the field is what it says."""

    location: Location
    role: str
    decides: bool
    text: str = ""
    """What is written there, redacted."""
    generated: bool = False
    origin: Related | None = None
    """The line of asky.yaml that a generated value comes from, where known; its message is the key."""


@dataclass(frozen=True, slots=True)
class Traced:
    """Where one field of one object comes from, the place that decides first, for targets that share it."""

    resource: ResourceRef
    path: Path
    targets: tuple[str, ...]
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One check of the policies, as its metadata describes it."""

    id: str
    category: str
    title: str
    description: str
    remediation: str
    verbs: tuple[str, ...]
    """`deny` (error), `warn` (warning) or both."""
    related: tuple[str, ...]
    custom: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What else its metadata says."""
    new: bool = False
    """It came with this minor version: what it denies is a warning until the next one."""

    @property
    def severities(self) -> tuple[Severity, ...]:
        """What its findings may be, the worst first."""
        said: set[Severity] = {
            "error" if verb == "deny" and not self.new else "warning" for verb in self.verbs
        }
        return tuple(sorted(said))

    @property
    def hardens(self) -> bool:
        """Tell whether what is a warning now is an error in the next minor version."""
        return self.new and "deny" in self.verbs


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of one rule at one place, for every overlay that shares it."""

    rule: str
    category: str
    severity: Severity
    message: str
    resource: ResourceRef | None
    path: Path
    overlays: tuple[str, ...]
    location: Location | None = None
    related: tuple[Related, ...] = ()
    trace: tuple[str, ...] = ()
    remediation: str = ""
    fixable: bool = False
    fingerprint: str = ""
    waiver: Waiver | None = None
    known: bool = False
    """It was there before: in the baseline or in the revision that this run is compared to."""
    digest: str | None = None
    """Of the field's value (findings/digest.py), when it was asked for."""
    excerpt: tuple[tuple[int, str], ...] = ()
    """Source lines up to the location as (line number, redacted text)."""
    caret: tuple[int, int] = (0, 0)
    """Columns of the last excerpt line to point at, from 0, the end exclusive; redaction moves them."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that was judged: an overlay's root, a folder of manifests, a file, stdin."""

    name: str
    path: str
    status: Literal["judged", "failed"]
    objects: int = 0
    rules: int = 0
    unknown_kinds: tuple[str, ...] = ()
    """`apiVersion/Kind` of objects no schema is known for."""
    unjudged: tuple[tuple[str, str], ...] = ()
    """(file, reason) of what was seen and passed over."""
    closure: tuple[str, ...] = ()
    """Every file the render read, relative to the repository."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be judged."""

    code: str
    target: str | None
    message: str
    location: Location | None = None
    exit_code: int = 2
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Off:
    """How many findings of a rule an overlay's profile turns off."""

    overlay: str
    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything `check` has to say; a format turns it into text."""

    versions: dict[str, str]
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] = ()
    rules: tuple[Rule, ...] = ()
    """The rules that were evaluated, those of nobody's findings too."""
    off: tuple[Off, ...] = ()
    """What `profile: dev` turns off; not among the findings."""
    maps: tuple[tuple[str, Connections], ...] = ()
    """Who may talk to whom in each target, where it was asked for."""
    fail_on: FailOn = "error"
    read: frozenset[str] = frozenset()
    """Every file that some target reads, those of targets that were passed over too; relative to the root."""
    seconds: float = field(default=0.0, compare=False)

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity that are new and that no waiver covers."""
        return sum(1 for found in self.counting if found.severity == severity)

    @property
    def counting(self) -> tuple[Finding, ...]:
        """The findings that are new and that no waiver covers."""
        return tuple(found for found in self.findings if not (found.waiver or found.known))

    @property
    def exit_code(self) -> int:
        """The highest of what the problems and the findings ask for."""
        failing = self.count("error") + (self.count("warning") if self.fail_on == "warning" else 0)
        found = 1 if failing and self.fail_on != "never" else 0
        return max([found, *(problem.exit_code for problem in self.problems)])
