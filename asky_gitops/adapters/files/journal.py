"""Writing many files as one change, as far as a file system lets us.

Three stages, so that a crash, a full disk or a missing permission at any point leaves each file old or
new, and the next run can make the whole tree one or the other:

1. the journal says `preparing`; every new content is written beside its file and flushed to disk.
   Whatever fails here is undone: the tree is as it was.
2. the journal says `renaming`; each new file is renamed over the old one, what is gone is removed.
   Nothing here needs space. Whatever stops this is finished by the next run.
3. the journal is removed.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from asky_gitops.adapters.files.lock import writer
from asky_gitops.adapters.files.places import make_note_folder, note_folder, read, refuse_obstacles
from asky_gitops.errors import Refused, ToolError

SUFFIX = ".asky-gitops-new"


@dataclass(frozen=True, slots=True)
class Change:
    """One file to write or, with `after` None, to remove; `before` is what was read there, None for none."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Step:
    """One change as the journal keeps it: contents by their SHA-256."""

    path: str
    before: str | None
    after: str | None

    def target(self, root: Path) -> Path:
        """Return the file itself."""
        return root / self.path

    def prepared(self, root: Path) -> Path:
        """Return where its new content waits: the same folder, so that a rename cannot cross file systems."""
        target = self.target(root)
        return target.with_name(f".{target.name}{SUFFIX}")


INTERRUPTED = "an earlier run was interrupted while it wrote files"


def interrupted(root: Path) -> bool:
    """Return whether a run that is over left this tree half old and half new; the caller holds the lock."""
    return (note_folder(root.resolve()) / "journal").exists()


def unfinished(root: Path) -> str | None:
    """Return why this tree may be half old and half new, in one clause, or None when it is whole."""
    if not interrupted(root):
        return None
    busy = writer(note_folder(root.resolve()))
    return f"{busy} is writing here" if busy else INTERRUPTED


def apply(root: Path, changes: Sequence[Change]) -> None:
    """Make all changes; the caller holds the lock and has called `recover`.

    Raises Refused when a file is no longer what `before` says, ToolError when the disk will not take
    the change; nothing is written then.
    """
    if not changes:
        return
    root = root.resolve()
    journal = make_note_folder(root) / "journal"
    steps = [Step(change.path, fingerprint(change.before), fingerprint(change.after)) for change in changes]
    folders = missing_folders(root, steps)
    try:
        with disk_errors(root):
            note(journal, "preparing", steps, folders)
            for folder in folders:
                (root / folder).mkdir()
            for step, change in zip(steps, changes, strict=True):
                prepare(root, step, change)
            note(journal, "renaming", steps, folders)
    except BaseException:
        undo(root, journal, steps, folders)
        raise
    with disk_errors(root, "some files are new and some old: cure it, then run `asky-gitops generate`"):
        try:
            finish(root, journal, steps)
        except KeyboardInterrupt:
            finish(root, journal, steps)
            raise


def recover(root: Path) -> bool:
    """Make the tree whole after an interrupted run: undo what was only prepared, finish what was begun.

    A file that somebody edited since is left as it is. Returns whether there was anything to do. The
    caller holds the lock.
    """
    root = root.resolve()
    journal = note_folder(root) / "journal"
    if not journal.exists():
        return False
    stage, steps, folders = noted(journal)
    refuse_obstacles(root, [*(f"{folder}/{SUFFIX}" for folder in folders), *(step.path for step in steps)])
    with disk_errors(root):
        if stage == "renaming":
            finish(root, journal, steps)
        else:
            undo(root, journal, steps, folders)
    return True


@contextmanager
def disk_errors(root: Path, hint: str | None = None) -> Iterator[None]:
    """Turn what the operating system refuses into one line that names the file."""
    try:
        yield
    except OSError as error:
        raise ToolError(f"cannot write: {error.strerror}", shown(root, error.filename), hint) from None


def prepare(root: Path, step: Step, change: Change) -> None:
    """Write the new content beside its file and flush it to disk."""
    if fingerprint(read(root, step.path)) != step.before:
        raise Refused("the file was changed while this ran", step.path, "run again")
    if change.after is None:
        return
    place = step.prepared(root)
    try:
        place.unlink(missing_ok=True)
        # O_EXCL: a link that a repository brings along under this name is not followed.
        with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            if step.before is not None:
                os.fchmod(file.fileno(), stat.S_IMODE(os.lstat(step.target(root)).st_mode))
            file.write(change.after)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(step.target(root))) from None


def finish(root: Path, journal: Path, steps: Sequence[Step]) -> None:
    """Put every prepared file in its place and remove what is gone; can be repeated until it succeeds."""
    touched: set[Path] = set()
    for step in steps:
        current = fingerprint(read(root, step.path))
        place = step.prepared(root)
        if current != step.before:
            place.unlink(missing_ok=True)
        elif step.after is None and current is not None:
            step.target(root).unlink()
        elif step.after is not None and fingerprint(read(root, str(place.relative_to(root)))) == step.after:
            os.replace(place, step.target(root))
        touched.add(step.target(root).parent)
    for folder in sorted(touched, reverse=True):
        flush_folder(folder)
    for step in steps:
        if step.after is None:
            remove_empty_folders(root, step.target(root).parent)
    discard(journal)


def undo(root: Path, journal: Path, steps: Sequence[Step], folders: Sequence[str]) -> None:
    """Remove what was prepared, and the folders made for it."""
    for step in steps:
        with suppress(FileNotFoundError, NotADirectoryError):
            step.prepared(root).unlink()
    for folder in reversed(folders):
        with suppress(OSError):
            (root / folder).rmdir()
    discard(journal)


def missing_folders(root: Path, steps: Sequence[Step]) -> list[str]:
    """Return the folders that have to be made, parents first, relative to the root."""
    parents = {
        parent
        for step in steps
        if step.after is not None
        for parent in Path(step.path).parents
        if not (root / parent).exists()
    }
    return [parent.as_posix() for parent in sorted(parents, key=lambda parent: len(parent.parts))]


def remove_empty_folders(root: Path, folder: Path) -> None:
    """Remove a folder and those above it as long as they are empty, never the root."""
    while folder != root:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return
        folder = folder.parent


def note(journal: Path, stage: str, steps: Sequence[Step], folders: Sequence[str]) -> None:
    """Write the journal so that it is there whole or not at all."""
    text = json.dumps({"stage": stage, "folders": folders, "steps": [asdict(step) for step in steps]})
    draft = journal.with_name("journal-new")
    with open(draft, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, journal)
    flush_folder(journal.parent)


def noted(journal: Path) -> tuple[str, list[Step], list[str]]:
    """Read the journal back."""
    try:
        entry = json.loads(journal.read_text("utf-8"))
        return entry["stage"], [Step(**step) for step in entry["steps"]], entry["folders"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ToolError(
            "the journal of an interrupted run cannot be read",
            hint=f"remove {journal}, then run `asky-gitops generate` again",
        ) from None


def discard(journal: Path) -> None:
    """Remove the journal: the tree is whole."""
    journal.unlink(missing_ok=True)
    flush_folder(journal.parent)


def flush_folder(folder: Path) -> None:
    """Make the renames inside a folder last through a power cut."""
    with suppress(FileNotFoundError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def fingerprint(content: bytes | None) -> str | None:
    """Return the SHA-256 of a content in hex, None for no file."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def shown(root: Path, path: object) -> str | None:
    """Return a path as a message names it: relative to the repository where it is inside."""
    if not isinstance(path, str):
        return None
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else path
