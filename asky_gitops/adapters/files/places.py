"""Where files may be: below the root, never through a link, and where we keep our own notes."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from asky_gitops.errors import InputError, ToolError

NOTES = ".asky-gitops"
"""Folder of the journal and the lock where there is no git; it ignores itself."""


def read(root: Path, path: str) -> bytes | None:
    """Return the content of a file, or None when there is none. Raises ToolError when it cannot be read."""
    try:
        return (root / path).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ToolError(f"cannot read it: {error.strerror}", where=path) from None


def walk(root: Path, folders: Iterable[str]) -> Iterator[str]:
    """Yield every regular file below the folders, sorted; links are not followed."""
    for folder in sorted(folders):
        if (root / folder).is_symlink():
            continue
        for parent, below, names in os.walk(root / folder):
            below.sort()
            inside = Path(parent).relative_to(root).as_posix()
            for name in sorted(names):
                if stat.S_ISREG(os.lstat(os.path.join(parent, name)).st_mode):
                    yield f"{inside}/{name}"


def refuse_obstacles(root: Path, paths: Iterable[str]) -> None:
    """Raise InputError for a path that cannot become a plain file below the root.

    It leaves the root, runs through a link, a file is where a folder must be (or the reverse), or it
    differs from another file or folder in upper and lower case only: macOS and Windows would merge them.
    """
    names: dict[Path, dict[str, str]] = {}
    for path in paths:
        parts = path.split("/")
        if path.startswith("/") or not all(map(is_plain, parts)):
            raise InputError(f"{path!r} is not a path inside the repository")
        for depth, part in enumerate(parts):
            refuse_obstacle(root, parts[: depth + 1], is_last=depth == len(parts) - 1)
            refuse_clash(root.joinpath(*parts[:depth]), part, path, names)


def is_plain(part: str) -> bool:
    """Return whether one part of a path names a file or folder and nothing else."""
    return part not in ("", ".", "..") and part.casefold() != ".git" and not set(part) & {"\\", "\0", "\n"}


def refuse_obstacle(root: Path, parts: list[str], is_last: bool) -> None:
    """Raise InputError when what is there already is not what is needed there."""
    where = "/".join(parts)
    try:
        mode = os.lstat(root / where).st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise ToolError(f"cannot look at it: {error.strerror}", where=where) from None
    if stat.S_ISLNK(mode):
        raise InputError(
            "a symbolic link is in the way", where, "replace it by what it points to, or remove it"
        )
    if is_last and not stat.S_ISREG(mode):
        raise InputError("a folder or device is where a generated file belongs", where, "move it away")
    if not is_last and not stat.S_ISDIR(mode):
        raise InputError("a file is where a folder of generated files belongs", where, "move it away")


def refuse_clash(folder: Path, name: str, path: str, names: dict[Path, dict[str, str]]) -> None:
    """Raise InputError when a name differs from one on disk or one planned in case only."""
    if folder not in names:
        names[folder] = {known.casefold(): known for known in listing(folder)}
    known = names[folder].setdefault(name.casefold(), name)
    if known != name:
        message = f"its part {name!r} and {known!r} differ in upper and lower case only"
        raise InputError(message, path, "macOS and Windows cannot hold both: rename one")


def listing(folder: Path) -> list[str]:
    """Return the names in a folder, or none when it does not exist."""
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def note_folder(root: Path) -> Path:
    """Return where the journal and the lock of this root are.

    Inside the git directory of the work tree, so that nothing shows in it and no commit can bring one
    along; a stack that is not at the top of its repository has its own folder there. Without git, below
    the root.
    """
    for top in (root, *root.parents):
        git_dir = git_directory(top)
        if git_dir is not None:
            inside = root.relative_to(top).as_posix()
            name = "top" if inside == "." else hashlib.sha256(inside.encode()).hexdigest()[:16]
            return git_dir / "asky-gitops" / name
    return root / NOTES


def git_directory(top: Path) -> Path | None:
    """Return the git directory of a work tree's top folder, also a linked one (gitrepository-layout(5))."""
    place = top / ".git"
    try:
        if place.is_file():
            text = place.read_text("utf-8", "surrogateescape")
            place = top / text.removeprefix("gitdir:").strip()
        return place if (place / "HEAD").exists() else None
    except OSError:
        return None


def make_note_folder(root: Path) -> Path:
    """Make the folder for the journal and the lock, one that git ignores."""
    folder = note_folder(root)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if folder.name == NOTES and not (folder / ".gitignore").exists():
            (folder / ".gitignore").write_text("*\n")
    except OSError as error:
        raise ToolError(f"cannot make the folder {folder}: {error.strerror}") from None
    return folder
