"""The user's git repository, through GitPython: it finds the repository and drives the `git` program.

Every path goes in and out NUL-separated, relative to the root of the stack. GitPython's own index is not
used: it knows no filters, no hooks and no signatures.
"""

import os
import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from asky_gitops.adapters.git_process import finished
from asky_gitops.adapters.process import Completed, clean_environment
from asky_gitops.errors import InputError, ToolError

IN_PROGRESS = {
    "MERGE_HEAD": "a merge",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
}
"""What git leaves in its folder while an operation waits for the user (gitrepository-layout(5))."""
OWN_INDEX = ("-c", "core.splitIndex=false", "-c", "core.fsmonitor=false", "-c", "core.safecrlf=false")
CREDENTIALS = re.compile(r"(?<=://)[^/\s]+(?=@)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One path in an index or a tree."""

    mode: str
    oid: str


@dataclass(frozen=True)
class Repository:
    """The work tree that a stack's root is in."""

    root: Path
    folder: Path
    """The git directory of this work tree."""
    top: str
    """The way from the root up to the top of the work tree: `.`, `..`, …"""
    _git: Any = field(repr=False)

    def call(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None, words: bool = False
    ) -> Completed:
        """Run one git command in the root, whatever its status is. Raises ToolError without git.

        `words` leaves the user's language and locale to git and its hooks; else output is for programs.
        """
        if words:
            settings = {name: os.environ.get(name, "") for name in ("LC_ALL", "LANGUAGE")}
        else:
            settings = {"GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0"}
        with without_hook_variables(), tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            try:
                running = self._git.execute(
                    ["git", "-C", str(self.root), *arguments],
                    istream=given,
                    as_process=True,
                    env={**settings, **(env or {})},
                )
            except import_git().GitCommandNotFound:
                raise ToolError("git is not installed or not on PATH") from None
            stdout, stderr = finished(running.proc)
        return Completed(running.proc.returncode, stdout, stderr)

    def ask(self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """Run one git command that must succeed and return its output. Raises ToolError with git's words."""
        done = self.call(*arguments, stdin=stdin, env=env)
        if done.status:
            verb = next(word for word in arguments if word != "-c" and "=" not in word)
            raise ToolError(f"git {verb} failed: {last_line(done.stderr)}")
        return done.stdout

    def head(self) -> str | None:
        """Return the commit that is checked out, None on a branch that has none yet."""
        done = self.call("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return done.stdout.decode().strip() or None

    def branch(self) -> str | None:
        """Return the branch that is checked out, None on a detached HEAD."""
        done = self.call("symbolic-ref", "--quiet", "HEAD")
        return done.stdout.decode("utf-8", "surrogateescape").strip().removeprefix("refs/heads/") or None

    def tree_of(self, revision: str | None) -> str:
        """Return the tree of a commit; of no commit, the empty tree."""
        if revision is None:
            return self.ask("hash-object", "-t", "tree", "--stdin", "-w").decode().strip()
        return self.ask("rev-parse", "--verify", f"{revision}^{{tree}}").decode().strip()

    def listed(self, places: Iterable[str], env: Mapping[str, str] | None = None) -> dict[str, Entry]:
        """Return what the index holds below these places."""
        listing = self.ask("ls-files", "--stage", "-z", "--", *places, env=env)
        return {path: Entry(fields[0], fields[1]) for path, fields in rows(listing) if fields[2] == "0"}

    def left_out(self, places: Iterable[str]) -> set[str]:
        """Return what a sparse checkout keeps out of the work tree (`S` of git-ls-files(1))."""
        listing = self.ask("ls-files", "-t", "-z", "--", *places)
        return {line[2:] for line in split(listing) if line.startswith("S ")}

    def committed(self, revision: str | None, places: Iterable[str]) -> dict[str, Entry]:
        """Return what a commit holds below these places."""
        if revision is None:
            return {}
        listing = self.ask("ls-tree", "-r", "-z", revision, "--", *places)
        return {path: Entry(fields[0], fields[2]) for path, fields in rows(listing)}

    def content(self, oid: str) -> bytes:
        """Return the content of a file as it is stored."""
        return self.ask("cat-file", "blob", oid)

    def ignored(self, paths: Iterable[str]) -> list[str]:
        """Return those of the paths that git ignores and does not track."""
        # `./` because check-ignore reads pathspec magic and cannot be told not to.
        given = joined(f"./{path}" for path in paths)
        done = self.call("check-ignore", "-z", "--stdin", stdin=given, env={"GIT_LITERAL_PATHSPECS": "0"})
        if done.status not in (0, 1):
            raise ToolError(f"git check-ignore failed: {last_line(done.stderr)}")
        return [path.removeprefix("./") for path in split(done.stdout)]

    def changed(self, one: str, other: str) -> list[str]:
        """Return the paths in which two trees differ."""
        if one == other:
            return []
        listing = self.ask("diff-tree", "-r", "-z", "--no-renames", "--name-only", one, other)
        return sorted(map(self.from_root, split(listing)))

    def staged(self, base: str | None) -> list[str]:
        """Return the paths in which the index differs from a commit."""
        listing = self.ask("diff-index", "--cached", "-z", "--no-renames", "--name-only", self.tree_of(base))
        return sorted(map(self.from_root, split(listing)))

    def from_root(self, path: str) -> str:
        """Return a path that git gives from the top of the work tree as one from the root."""
        return path if self.top == "." else os.path.relpath(path, self.prefix)

    def from_top(self, path: str) -> str:
        """Return a path from the root as one from the top of the work tree."""
        return path if self.top == "." else os.path.normpath(os.path.join(self.prefix, path))

    @property
    def prefix(self) -> str:
        """The way from the top of the work tree down to the root."""
        root = os.path.realpath(self.root)
        return os.path.relpath(root, os.path.realpath(os.path.join(root, self.top)))

    def intended(self, paths: Collection[str]) -> list[str]:
        """Return those of the paths of which the index only says that they are to be added (`git add -N`)."""
        listing = self.ask("diff-files", "-z", "--name-only", "--diff-filter=A", "--relative")
        return [path for path in split(listing) if path in paths]


@dataclass(frozen=True)
class Draft:
    """The tree a commit should have, made in an index of its own; the user's index is not touched."""

    tree: str
    tracked: dict[str, Entry]
    """What it holds, below the root and beside it."""
    modified: frozenset[str]
    """Paths whose file on disk is not what the tree holds."""


def draft(repository: Repository, base: str | None, paths: Iterable[str]) -> Draft:
    """Make the tree of commit `base` with these paths as they are on disk, through git's own filters."""
    with own_index(repository, base, paths) as env:
        tree = tree_in(repository, env)
        repository.call(*OWN_INDEX, "update-index", "-q", "--refresh", env=env)
        modified = split(repository.ask(*OWN_INDEX, "diff-files", "-z", "--name-only", env=env))
        tracked = repository.listed([repository.top], env)
        return Draft(tree, tracked, frozenset(map(repository.from_root, modified)))


def draft_tree(repository: Repository, base: str | None, paths: Iterable[str]) -> str:
    """Return the tree of such a draft alone."""
    with own_index(repository, base, paths) as env:
        return tree_in(repository, env)


@contextmanager
def own_index(repository: Repository, base: str | None, paths: Iterable[str]) -> Iterator[dict[str, str]]:
    """Hold an index of our own with these paths over a commit; what it yields is for git's environment."""
    with tempfile.TemporaryDirectory(prefix="asky-gitops-") as folder:
        env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        start = ("read-tree", base) if base else ("read-tree", "--empty")
        repository.ask(*OWN_INDEX, *start, env=env)
        update = ("update-index", "-z", "--add", "--remove", "--stdin")
        repository.ask(*OWN_INDEX, *update, stdin=joined(paths), env=env)
        yield env


def tree_in(repository: Repository, env: Mapping[str, str]) -> str:
    """Write the tree of an index and return its name."""
    return repository.ask(*OWN_INDEX, "write-tree", env=env).decode().strip()


def open_repository(root: Path) -> Repository:
    """Find the repository of a root. Raises ToolError when there is none to commit to."""
    git = import_git()
    with without_hook_variables():
        try:
            found = git.Repo(root, search_parent_directories=True)
        except (git.InvalidGitRepositoryError, git.NoSuchPathError):
            raise ToolError("this is not inside a git repository", hint="git init") from None
    if found.bare or found.working_tree_dir is None:
        raise ToolError("the git repository is bare: it has no work tree to commit from")
    top = os.path.relpath(os.path.realpath(found.working_tree_dir), root.resolve())
    repository = Repository(root, Path(found.git_dir), top, found.git)
    repository.ask("rev-parse", "--git-dir")
    return repository


def import_git() -> Any:
    """Import GitPython; a missing git is for the first call to tell, not for the import."""
    with without_hook_variables():
        os.environ["GIT_PYTHON_REFRESH"] = "quiet"
        try:
            import git
        finally:
            del os.environ["GIT_PYTHON_REFRESH"]
    return git


def refuse_busy(repository: Repository) -> None:
    """Raise when a commit now would mix with something else that is going on in the repository."""
    for name, operation in IN_PROGRESS.items():
        if (repository.folder / name).exists():
            raise ToolError(
                f"{operation} is in progress", hint="finish or abort it first (git status says how)"
            )
    unmerged = repository.ask("ls-files", "--unmerged", "-z")
    if unmerged:
        paths = sorted({path for path, _ in rows(unmerged)})
        raise InputError("git holds an unresolved merge conflict", paths[0], "resolve it and `git add` it")
    lock = repository.folder / "index.lock"
    if lock.exists():
        raise ToolError("another git process is at work here", hint=f"if none is, remove {lock}")


def refuse_nobody(repository: Repository) -> None:
    """Raise ToolError when git would have to guess who commits."""
    for role in ("AUTHOR", "COMMITTER"):
        if repository.call("-c", "user.useConfigOnly=true", "var", f"GIT_{role}_IDENT").status:
            hint = 'git config user.name "…" and git config user.email "…"'
            raise ToolError("git does not know who commits", hint=hint)


@contextmanager
def without_hook_variables() -> Iterator[None]:
    """Hide the GIT_ variables of a hook's environment, which GitPython hands on whatever it is told."""
    clean = clean_environment()
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name not in clean}
    try:
        yield
    finally:
        os.environ.update(hidden)


def rows(listing: bytes) -> Iterator[tuple[str, list[str]]]:
    """Yield path and fields of each entry of `ls-files --stage -z` and `ls-tree -z`."""
    for line in split(listing):
        fields, _, path = line.partition("\t")
        yield path, fields.split(" ")


def split(listing: bytes) -> list[str]:
    """Return the parts of a NUL-separated list, in any encoding a file name may have."""
    return [os.fsdecode(part) for part in listing.split(b"\0") if part]


def joined(paths: Iterable[str]) -> bytes:
    """Return paths as git reads them from its standard input with `-z`."""
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def last_line(words: bytes) -> str:
    """Return the last line git said, which is the reason, without credentials."""
    lines = without_credentials(words.decode("utf-8", "replace")).strip().splitlines()
    return lines[-1].removeprefix("fatal: ").removeprefix("error: ") if lines else "it gave no reason"


def without_credentials(words: str) -> str:
    """Return git's words with what stands before the host of a URL masked."""
    return CREDENTIALS.sub("••••", words)
