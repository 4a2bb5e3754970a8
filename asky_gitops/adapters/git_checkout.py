"""A revision, or what is staged, as a folder of files: to judge what is not in the work tree."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from asky_gitops.adapters.git import OWN_INDEX, Repository, split
from asky_gitops.errors import InputError


@contextmanager
def checked_out(repository: Repository, revision: str | None) -> Iterator[Path]:
    """Hold the stack's root as a revision has it, or with None as it is staged; git's own filters write it.

    Neither the user's index nor the work tree is touched. Raises InputError for a revision that is none.
    """
    with TemporaryDirectory(prefix="asky-gitops-") as folder:
        env = {}
        if revision is not None:
            commit = resolved(repository, revision)
            env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            repository.ask(*OWN_INDEX, "read-tree", commit, env=env)
        place = Path(folder) / "files"
        place.mkdir()
        repository.ask(
            "-C", repository.top, *OWN_INDEX, "checkout-index", "--all", f"--prefix={place}/", env=env
        )
        root = place / repository.prefix
        root.mkdir(parents=True, exist_ok=True)
        yield root.resolve()


def resolved(repository: Repository, revision: str) -> str:
    """Return the commit a revision names. Raises InputError when it names none."""
    done = repository.call("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if done.status:
        hint = "in CI, fetch it first: actions/checkout takes fetch-depth: 0"
        raise InputError(f'git knows no revision "{revision}"', hint=hint)
    return done.stdout.decode().strip()


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


def staged(repository: Repository) -> set[str]:
    """Return the paths in which the index differs from the last commit, from the root."""
    return set(repository.staged(repository.head()))
