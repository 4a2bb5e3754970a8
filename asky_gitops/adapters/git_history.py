"""What a revision of the user's repository holds, asked for without a change to anything."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from asky_gitops.adapters.git import Repository, open_repository
from asky_gitops.errors import ToolError


def digests_at(root: Path, target: str, folder: str) -> tuple[str, Mapping[str, str]] | None:
    """Return the name of the revision that Argo CD follows and its files below a folder, by their blobs.

    None outside a repository, and where the revision is not known: nothing was ever synced from it then.
    """
    if not any((place / ".git").exists() for place in (root, *root.resolve().parents)):
        return None
    try:
        repository = open_repository(root)
    except ToolError:
        return None
    revision = first_known(repository, revisions(target))
    if revision is None:
        return None
    entries = repository.committed(revision, [folder])
    name = revision.removeprefix("refs/remotes/").removeprefix("refs/heads/").removeprefix("refs/tags/")
    return name, {path: entry.oid for path, entry in entries.items()}


def revisions(target: str) -> list[str]:
    """Return what a target revision may mean here, what was pushed before what was not."""
    if target == "HEAD":
        return ["refs/remotes/origin/HEAD", "HEAD"]
    return [f"refs/remotes/origin/{target}", f"refs/heads/{target}", f"refs/tags/{target}", target]


def first_known(repository: Repository, names: Iterable[str]) -> str | None:
    """Return the first name that is a commit."""
    for name in names:
        if not repository.call("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").status:
            return name
    return None


def blob(content: bytes, like: str) -> str:
    """Return a file's blob in the repository's own hash, line ends as `.gitattributes` has them."""
    stored = content.replace(b"\r\n", b"\n")
    algorithm = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return algorithm(b"blob %d\0" % len(stored) + stored).hexdigest()
