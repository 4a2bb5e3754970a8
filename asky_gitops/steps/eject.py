"""`eject`: a generated file becomes the user's own, and every later `generate` leaves it alone."""

from collections.abc import Sequence
from pathlib import Path

from asky_gitops.adapters import files
from asky_gitops.errors import AskyError, InputError, Many
from asky_gitops.steps.generate import whole_tree
from asky_gitops.tree.ownership import HASH, SHARED_MARK, State, kept_header, state


def eject(root: Path, paths: Sequence[str], *, dry_run: bool = False) -> tuple[str, ...]:
    """Mark generated files, edited or not, as kept by hand; return those that were not yet.

    Raises Many of InputErrors for files that are not there or not generated; nothing is written then.
    """
    with whole_tree(root, to_write=not dry_run):
        contents = {path: files.read(root, path) for path in dict.fromkeys(paths)}
        errors: list[AskyError] = []
        changes = []
        for path, content in contents.items():
            if content is None:
                errors.append(InputError("there is no such file", path))
            elif (found := state(path, content.decode("utf-8", "surrogateescape"))) is State.FOREIGN:
                errors.append(InputError(why_not(content), path))
            elif found is not State.KEPT:
                changes.append(files.Change(path, content, kept(path, content)))
        if errors:
            raise Many(errors, "nothing was written")
        if not dry_run:
            files.apply(root, changes)
    return tuple(change.path for change in changes)


def why_not(content: bytes) -> str:
    """Say why a file cannot be ejected."""
    if SHARED_MARK.encode() in content:
        return "is shared: all keys of it but three are yours already"
    return "is not a generated file: it is yours already"


def kept(path: str, content: bytes) -> bytes:
    """Return the content with the header that says whose it is, in the file's own line ends."""
    lines = content.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    rest = lines[2:] if len(lines) > 1 and HASH.match(lines[1].rstrip("\r\n")) else lines[1:]
    return "".join([kept_header(path) + end, *rest]).encode("utf-8", "surrogateescape")
