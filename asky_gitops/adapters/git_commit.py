"""Making one commit of exactly the given paths with git's own `commit`, or leaving everything as it was."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from asky_gitops.adapters.git import (
    Draft,
    Entry,
    Repository,
    draft_tree,
    joined,
    last_line,
    split,
    without_credentials,
)
from asky_gitops.errors import AskyError, Refused, ToolError

UNTRACKED = Entry("0", "0" * 40)
"""How `update-index --index-info` says that a path is not there; longer object names end in zeros too."""


class HookRefused(Refused):
    """A hook said no, or rewrote what was to be committed; `words` is what it and git printed."""

    def __init__(
        self,
        message: str,
        words: str = "",
        rewritten: Sequence[str] = (),
        where: str | None = None,
        hint: str | None = None,
    ) -> None:
        """`rewritten` are the files of the commit that the hook changed."""
        super().__init__(message, where, hint)
        self.words = words
        self.rewritten = tuple(rewritten)


def make_commit(
    repository: Repository, base: str | None, wanted: Draft, paths: Collection[str], message: str
) -> str:
    """Commit these paths as they are on disk, hooks and signature included, and return the commit.

    `git commit --only` leaves other staged entries staged and out of the commit. Raises HookRefused when
    a hook fails or the commit does not hold exactly the `wanted` tree, ToolError when git fails: HEAD and
    index are as before then.
    """
    before = Staged.of(repository, paths)
    added = {
        path: wanted.tracked[path] for path in paths if path in wanted.tracked and path not in before.entries
    }
    # `commit --only` knows no untracked files; this is `git add` without its view of sparse and ignored.
    stage(repository, added)
    try:
        done = repository.call(
            "commit",
            "--only",
            "--quiet",
            f"--message={message}",
            "--pathspec-from-file=-",
            "--pathspec-file-nul",
            stdin=joined(f":(literal){path}" for path in paths),
            words=True,
        )
    finally:
        made = repository.head()
        if made == base:
            stage(repository, dict.fromkeys(added, UNTRACKED))
    rewritten = repository.changed(wanted.tree, draft_tree(repository, base, paths))
    words = without_credentials((done.stdout + done.stderr).decode("utf-8", "replace")).strip()
    if made is None or made == base:
        raise failure(done.status, words, rewritten, done.stderr)
    rewritten = sorted({*rewritten, *repository.changed(wanted.tree, repository.tree_of(made))})
    if rewritten:
        uncommit(repository, base, made)
        before.restore(repository, paths)
        raise HookRefused("a git hook changed what was to be committed", words, rewritten)
    return made


def failure(status: int, words: str, rewritten: Sequence[str], stderr: bytes) -> AskyError:
    """Return why there is no commit: git exits with 1 when it or a hook says no, with 128 when it fails."""
    if rewritten:
        return HookRefused("a git hook changed what was to be committed", words, rewritten)
    if status == 1:
        return HookRefused("git, or a hook of it, refused the commit", words)
    return ToolError(f"git commit failed: {last_line(stderr)}")


@dataclass(frozen=True, slots=True)
class Staged:
    """What the index says about some paths."""

    entries: dict[str, Entry]
    intended: tuple[str, ...]
    """Paths that are only to be added, `git add -N`."""

    @classmethod
    def of(cls, repository: Repository, paths: Collection[str]) -> "Staged":
        """Read it."""
        entries = repository.listed(paths)
        return cls(entries, tuple(repository.intended(paths)))

    def restore(self, repository: Repository, paths: Collection[str]) -> None:
        """Bring the index back to it, for these paths alone."""
        stage(repository, {path: self.entries.get(path, UNTRACKED) for path in paths})
        if self.intended:
            stage(repository, dict.fromkeys(self.intended, UNTRACKED))
            repository.ask("add", "--intent-to-add", "--force", "--", *self.intended)


def stage(repository: Repository, entries: dict[str, Entry]) -> None:
    """Set entries of the user's index, or remove them."""
    if entries:
        # The one command that takes its paths from the top whatever the folder it runs in.
        lines = (f"{entry.mode} {entry.oid}\t{repository.from_top(path)}" for path, entry in entries.items())
        repository.ask("update-index", "-z", "--index-info", stdin=joined(lines))


def uncommit(repository: Repository, base: str | None, made: str) -> None:
    """Take the branch back to where it was, unless somebody moved it on."""
    if base is None:
        repository.ask("update-ref", "-d", "HEAD", made)
    else:
        repository.ask("update-ref", "-m", "asky-gitops: commit undone", "HEAD", base, made)


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where a branch is pushed to."""

    remote: str
    ref: str

    def __str__(self) -> str:
        """Return `origin/main`."""
        return f"{self.remote}/{self.ref.removeprefix('refs/heads/')}"


def upstream(repository: Repository) -> Upstream:
    """Return where the branch is pushed to. Raises ToolError without a branch or an upstream."""
    branch = repository.branch()
    if branch is None:
        raise ToolError("HEAD is detached: there is no branch to push", hint="git switch BRANCH")
    found = [
        split(repository.call("config", "-z", "--get", f"branch.{branch}.{key}").stdout)
        for key in ("remote", "merge")
    ]
    if not all(found):
        hint = f"git push --set-upstream REMOTE {branch}"
        raise ToolError(f"the branch {branch} has no upstream to push to", hint=hint)
    return Upstream(found[0][0], found[1][0])


def push(repository: Repository, target: Upstream) -> None:
    """Push HEAD to the upstream. Raises ToolError with git's words when the other side says no."""
    done = repository.call("push", "--porcelain", target.remote, f"HEAD:{target.ref}", words=True)
    if done.status:
        said = without_credentials((done.stderr + done.stdout).decode("utf-8", "replace"))
        lines = [line.strip() for line in said.splitlines() if line.strip() and line.strip() != "Done"]
        raise ToolError(
            f"{target} did not take the push; the commit is kept", hint="\n".join(["git said:", *lines])
        )


def follows(repository: Repository, target: Upstream, revision: str) -> bool:
    """Return whether `revision`, a branch or `HEAD` as Argo CD takes it, is the branch that was pushed.

    `HEAD` is the remote's default branch, which only the remote knows.
    """
    if revision != "HEAD":
        return target.ref == f"refs/heads/{revision.removeprefix('refs/heads/')}"
    done = repository.call("ls-remote", "--symref", target.remote, "HEAD")
    return done.stdout.split(b"\n")[0] == b"ref: %s\tHEAD" % target.ref.encode("utf-8", "surrogateescape")
