"""Write what the spec says: plan, compare with the disk, stop at hand edits, then write all or nothing."""

import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from asky_gitops.adapters import files, git_history, spec, yaml, yaml_edit
from asky_gitops.components.migrations import sql_files
from asky_gitops.errors import AskyError, InputError, Many, Refused
from asky_gitops.findings.masked_diff import masked_diff
from asky_gitops.model.lock import Lock
from asky_gitops.model.stack import Stack
from asky_gitops.model.tree import File, Ownership
from asky_gitops.platforms import PLATFORMS
from asky_gitops.steps.build import refuse_unfinished
from asky_gitops.tree import lasting, layout, ownership
from asky_gitops.tree.drift import Difference, Edit, Planned, compare, content_lines
from asky_gitops.tree.groups import Group, Scope
from asky_gitops.tree.ownership import SHARED_KEYS, State, with_unix_lines
from asky_gitops.tree.sql_history import rewritten

Mode = Literal["write", "check", "diff"]


@dataclass(frozen=True, slots=True)
class GenerateResult:
    """What was written, or with mode `check` and `diff` what would be."""

    mode: Mode
    groups: tuple[Group, ...]
    paths: tuple[str, ...]
    """Every planned file, sorted."""
    recovered: bool = False
    """An interrupted run was finished or undone first."""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every difference, group by group."""
        return tuple(difference for group in self.groups for difference in group.differences)

    @property
    def exit_code(self) -> int:
        """1 when a check found something to write, else 0."""
        return 1 if self.mode == "check" and self.differences else 0

    def diff(self) -> list[str]:
        """Return the lines of a unified diff from the disk to the plan, values masked."""
        return [
            line
            for one in self.differences
            for line in masked_diff(one.path, one.before and with_unix_lines(one.before), one.after)
        ]


class HandEdited(Refused):
    """Files were edited by hand where generated ones belong; nothing was written."""

    def __init__(self, edits: Sequence[Edit], services: Iterable[str]) -> None:
        """`services` are the names that a path below `base/` may lead to in the spec."""
        super().__init__("; ".join(f"{edit.path} {edit.reason}" for edit in edits))
        self.edits = tuple(edits)
        self.services = frozenset(services)

    def diff(self, edit: Edit) -> list[str]:
        """Return the lines that were generated (`-`) and those that are there now (`+`), values masked."""
        if edit.after is None:
            return []
        texts = ["\n".join(content_lines(text)) for text in (edit.after, edit.before)]
        lines = masked_diff(edit.path, texts[0], texts[1], context=0)
        return [line for line in lines[2:] if not line.startswith("@@")]

    def ways(self, edit: Edit) -> list[tuple[str, str]]:
        """Return the ways out as (what for, what to do)."""
        parts = edit.path.split("/")
        ways = []
        if parts[0] == "overlays" and (edit.after or edit.shared):
            ways.append(("keep it in the spec", f"asky.yaml, overlays.{parts[1]}"))
        elif parts[0] == "base" and edit.after:
            key = f", services.{parts[1]}" if parts[1] in self.services else ""
            ways.append(("keep it in the spec", f"asky.yaml{key}"))
        if ways and edit.after:
            name = parts[1] if parts[0] == "overlays" else "<name>"
            ways.append(("keep it as a patch", f"overlays/{name}/custom/"))
        if not edit.shared:
            ways.append(("keep it in this file", f"asky-gitops eject {shlex.quote(edit.path)}"))
        return [*ways, ("drop it", f"asky-gitops generate --overwrite {shlex.quote(edit.path)}")]


def generate(
    root: Path,
    *,
    overlays: Sequence[str] = (),
    mode: Mode = "write",
    overwrite: Sequence[str] = (),
    amended: Collection[int] = (),
) -> GenerateResult:
    """Bring the tree below `root` to what its `asky.yaml` says, or with another mode say what would change.

    `overlays` limits the run to the base and these; `overwrite` names hand-edited files to write anyway;
    `amended` are numbers of migrations that were never applied. Raises HandEdited, Refused (an unfinished
    run, a file that changed meanwhile, a rewritten migration, a database that cannot become so), InputError
    or Many of it (the spec, a path in the way), ToolError (the disk, another run); nothing is written then.
    """
    if mode != "write":
        if why := files.unfinished(root):
            raise Refused(why, hint="`asky-gitops generate` makes the tree whole again")
        with saying_nothing_was_written(mode):
            return compared(root, overlays, mode, overwrite, amended)[0]
    with files.locked(root):
        with saying_nothing_was_written(mode):
            recovered = files.recover(root)
            result, disk = compared(root, overlays, mode, overwrite, amended)
        files.apply(root, [change(difference, disk) for difference in result.differences])
    return GenerateResult(mode, result.groups, result.paths, recovered)


@contextmanager
def whole_tree(root: Path, *, to_write: bool) -> Iterator[None]:
    """Hold the tree below `root` for one command, an interrupted run made whole first; or only look at it.

    Raises Refused for an unfinished run when nothing is to be written, ToolError for another run at work.
    """
    if not to_write:
        refuse_unfinished(root)
        yield
        return
    with files.locked(root):
        files.recover(root)
        yield


@contextmanager
def saying_nothing_was_written(mode: Mode) -> Iterator[None]:
    """Close an error that stops a writing run with the reassurance that it changed nothing."""
    try:
        yield
    except HandEdited:
        raise
    except AskyError as error:
        if mode != "write":
            raise
        raise Many(error.errors if isinstance(error, Many) else [error], "nothing was written") from None


def load(root: Path, text: str | None = None, lock: Lock | None = None) -> Stack:
    """Load the stack of a root; `text` and `lock` take the places of the spec and the lock that are there."""
    platforms = {name: platform.DEFAULTS for name, platform in PLATFORMS.items()}
    return spec.load(root / "asky.yaml", platforms, text, lock)


def planned(root: Path, text: str) -> dict[str, File]:
    """Return the files, by path, that another text of the spec would make; nothing is written.

    Raises what `generate` would stop at.
    """
    return {file.path: file for file in layout.plan(load(root, text)).files}


def compared(
    root: Path, overlays: Sequence[str], mode: Mode, overwrite: Collection[str], amended: Collection[int]
) -> tuple[GenerateResult, dict[str, bytes]]:
    """Plan and compare; return the result as it will be, and the contents found on disk."""
    stack = load(root)
    if mode != "diff":
        refuse_rewritten(root, stack, amended)
    scope = Scope.of(stack, overlays)
    every = layout.plan(stack).files
    planned = [file for file in every if scope.holds(file.path)]
    files.refuse_obstacles(root, [file.path for file in planned])
    stale = find_stale(root, {file.path for file in every}, scope)
    refuse_unknown(overwrite, planned, stale)
    disk = read_all(root, [*(file.path for file in planned), *stale])
    texts = {path: text_of(content) for path, content in disk.items()}
    refuse_conflicts({path: text for path, text in texts.items() if path not in overwrite})
    drift = compare([as_text(file, texts.get(file.path)) for file in planned], texts, stale, overwrite)
    if drift.edits:
        raise HandEdited(drift.edits, stack.services)
    if mode == "write":
        refuse_impossible(drift.differences, overwrite)
    paths = tuple(sorted(file.path for file in planned))
    return GenerateResult(mode, scope.groups(paths, drift), paths), disk


def as_text(file: File, found: str | None) -> Planned:
    """Turn a planned file into the text that is to be on disk."""
    if file.ownership is Ownership.SHARED:
        return shared_text(file, found)
    body = file.content if isinstance(file.content, str) else yaml.dump(file.content)
    if file.ownership is Ownership.SEEDED:
        note = f"# {file.comment}\n" if file.comment else ""
        return Planned(file.path, note + body, file.ownership)
    return Planned(file.path, ownership.seal(file.path, body, file.comment), file.ownership)


def shared_text(file: File, found: str | None) -> Planned:
    """Set our keys in the file that is there; without one, print ours."""
    assert not isinstance(file.content, str)
    (document,) = file.content
    ours = {key: document[key] for key in SHARED_KEYS if key in document}
    if found is None:
        note = f"# {file.comment}\n" if file.comment else ""
        return Planned(
            file.path, ownership.shared_header(ours) + note + yaml.dump([document]), file.ownership
        )
    text = ownership.with_unix_lines(found)
    values = yaml_edit.read_mapping(text, file.path)
    current = {key: values[key] for key in SHARED_KEYS if key in values}
    if current == ours:
        return Planned(file.path, text, file.ownership, State.INTACT)
    merged = yaml_edit.with_keys(text, ours, SHARED_KEYS, file.path)
    state = ownership.shared_state(text, current)
    return Planned(file.path, ownership.with_shared_header(merged, ours), file.ownership, state)


def find_stale(root: Path, planned: set[str], scope: Scope) -> dict[str, State]:
    """Return the files below our folders that say they are ours and are planned no more."""
    found: dict[str, State] = {}
    for path in files.walk(root, ownership.folders(planned)):
        if path not in planned and scope.holds(path):
            text = text_of(files.read(root, path) or b"")
            state = ownership.state(path, text)
            if state is State.FOREIGN and ownership.SHARED_MARK in text:
                state = entry_state(path, text)
            if state in (State.INTACT, State.EDITED):
                found[path] = state
    return found


def entry_state(path: str, text: str) -> State:
    """Tell whether the entry of an overlay that is gone holds anything of the user's."""
    values = yaml_edit.read_mapping(ownership.with_unix_lines(text), path)
    if any(values[key] for key in values if key not in ("apiVersion", "kind", *SHARED_KEYS)):
        return State.EDITED
    return ownership.shared_state(text, values)


def read_all(root: Path, paths: Sequence[str]) -> dict[str, bytes]:
    """Read those of the files that exist."""
    found = {path: files.read(root, path) for path in paths}
    return {path: content for path, content in found.items() if content is not None}


def text_of(content: bytes) -> str:
    """Decode so that encoding again gives the same bytes, whatever they are."""
    return content.decode("utf-8", "surrogateescape")


def change(difference: Difference, disk: Mapping[str, bytes]) -> files.Change:
    """Turn a difference into what the journal writes."""
    after = None if difference.after is None else difference.after.encode("utf-8", "surrogateescape")
    return files.Change(difference.path, disk.get(difference.path), after)


def refuse_unknown(overwrite: Collection[str], planned: Sequence[File], stale: Collection[str]) -> None:
    """Raise InputError when a file to overwrite is none that a run would write."""
    ours = {file.path for file in planned if file.ownership is not Ownership.SEEDED} | set(stale)
    for path in overwrite:
        if path not in ours:
            raise InputError("is not a generated file: nothing to overwrite", path)


def refuse_rewritten(root: Path, stack: Stack, amended: Collection[int]) -> None:
    """Raise Many of Refused when a migration is not as in the revision that Argo CD follows."""
    if stack.database is None:
        return
    found = git_history.digests_at(root, stack.source.target_revision, stack.database.migrations)
    if found is None:
        return
    revision, committed = found
    like = next(iter(committed.values()), "")
    paths = sql_files(stack, stack.database.migrations)
    here = {path: git_history.blob(files.read(root, path) or b"", like) for path in paths}
    if errors := list(rewritten(revision, committed, here, amended)):
        raise Many([*errors])


def refuse_impossible(differences: Iterable[Difference], overwrite: Collection[str]) -> None:
    """Raise Many of Refused for databases that cannot become what they would have to."""
    errors: list[AskyError] = []
    for one in differences:
        if one.before and one.after and lasting.FILE.fullmatch(one.path) and one.path not in overwrite:
            errors += lasting.errors(one.path, yaml.load(one.before), yaml.load(one.after))
    if errors:
        raise Many(errors)


def refuse_conflicts(texts: Mapping[str, str]) -> None:
    """Raise Many of InputErrors for the files that hold a merge conflict marker."""
    marked = {path: line for path, text in texts.items() if (line := ownership.conflict_line(text))}
    hint = "resolve it, or drop both sides: `asky-gitops generate --overwrite {}`"
    if marked:
        raise Many(
            [
                InputError("a merge conflict is not resolved", f"{path}:{line}", hint.format(path))
                for path, line in sorted(marked.items())
            ]
        )
