"""A revision, or what is staged, as a folder of files: to judge what is not in the work tree."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from asky_gitops.adapters.git import OWN_INDEX, Repository, split
from asky_gitops.errors import InputError


@contextmanager
def checked_out(repository: Repository, revision: str) -> Iterator[Path]:
    """Hold the stack's root as a revision has it.

    Neither the user's index nor the work tree is touched. Raises InputError for a revision that is none.
    """
    commit = resolved(repository, revision)
    with TemporaryDirectory(prefix="asky-gitops-") as folder:
        env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        repository.ask(*OWN_INDEX, "read-tree", commit, env=env)
        yield _written(repository, Path(folder), env)


@contextmanager
def staged(repository: Repository) -> Iterator[tuple[Path, list[str]]]:
    """Hold the stack's root as it is staged, and the paths in which that differs from the last commit.

    In a hook it is what will be committed: `git commit -a` and `--only` have an index of their own.
    """
    index = os.environ.get("GIT_INDEX_FILE")
    env = {"GIT_INDEX_FILE": os.path.abspath(index)} if index else {}
    base = repository.tree_of(repository.head())
    listing = repository.ask("diff-index", "--cached", "-z", "--no-renames", "--name-only", base, env=env)
    with TemporaryDirectory(prefix="asky-gitops-") as folder:
        yield _written(repository, Path(folder), env), sorted(map(repository.from_root, split(listing)))


def _written(repository: Repository, folder: Path, env: dict[str, str]) -> Path:
    """Write what an index holds into a folder, through git's own filters, and return the root in it."""
    place = folder / "files"
    place.mkdir()
    write = ("checkout-index", "--all", f"--prefix={place}/")
    repository.ask("-C", repository.top, *OWN_INDEX, *write, env=env)
    root = place / repository.prefix
    root.mkdir(parents=True, exist_ok=True)
    return root.resolve()


def resolved(repository: Repository, revision: str) -> str:
    """Return the commit a revision names. Raises InputError when it names none."""
    done = repository.call("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if done.status:
        raise InputError(f'git knows no revision "{revision}"', hint=_way_to(repository, revision))
    return done.stdout.decode().strip()


def _way_to(repository: Repository, revision: str) -> str:
    """Return what to do about a revision that is not here."""
    if repository.head() is None:
        return "there is no commit here yet: git commit makes the first"
    if repository.ask("rev-parse", "--is-shallow-repository").strip() == b"true":
        return "this clone is shallow: git fetch --unshallow; in CI, actions/checkout takes fetch-depth: 0"
    remote = f"refs/remotes/origin/{revision}"
    if not repository.call("rev-parse", "--verify", "--quiet", "--end-of-options", remote).status:
        return f'did you mean "origin/{revision}"?'
    return "git fetch gets what others have; git log --all lists what is here"


def renamed(repository: Repository, revision: str) -> dict[str, str]:
    """Return the files that were renamed since a revision: old path to new, staged or not."""
    listing = split(
        repository.ask(
            "diff",
            "--name-status",
            "-z",
            "-M",
            "--diff-filter=R",
            "--relative",
            resolved(repository, revision),
        )
    )
    return dict(zip(listing[1::3], listing[2::3], strict=True))
