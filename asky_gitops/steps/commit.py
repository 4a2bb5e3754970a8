"""Commit exactly what the spec says and the files it comes from, when it is fresh, clean and complete."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from asky_gitops.adapters import files, git, git_commit, spec
from asky_gitops.adapters.git import Draft, Repository
from asky_gitops.adapters.git_commit import HookRefused as HookRefused
from asky_gitops.errors import AskyError, Many, Refused
from asky_gitops.findings.masked_diff import masked_diff
from asky_gitops.findings.redact import Redactor
from asky_gitops.model.finding import Report
from asky_gitops.model.tree import File, Ownership
from asky_gitops.steps.check import check
from asky_gitops.steps.generate import generate, load
from asky_gitops.tree import layout, ownership, watched
from asky_gitops.tree.ownership import State

TOP = (".gitattributes", "asky.lock", "asky.schema.json", "asky.yaml", "waivers.yaml")
"""Files at the root that belong to the stack."""


@dataclass(frozen=True, slots=True)
class CommitResult:
    """What was checked, committed and pushed."""

    overlays: int
    commit: str | None = None
    """None when there was nothing to commit."""
    files: int = 0
    left_staged: int = 0
    """Files of the user's that were staged before and still are."""
    pushed: str | None = None
    applications: tuple[str, ...] = ()
    """What Argo CD will sync, by the name of the Application."""


class NotClean(Refused):
    """The check has findings or problems; `report` holds them."""

    def __init__(self, report: Report) -> None:
        super().__init__("nothing was committed")
        self.report = report
        self.exit_code = report.exit_code


COMMITTING = "committing: git runs its hooks, and signs"
Waiting = Callable[[str], AbstractContextManager[object]]
"""Entered, with what is done, around what may take a while."""


def commit(
    root: Path,
    *,
    message: str | None = None,
    push: bool = False,
    amended: Collection[int] = (),
    waiting: Waiting = nullcontext,
) -> CommitResult:
    """Commit the stack's own paths below `root`, and with `push` push the branch to its upstream.

    Raises Refused (unfinished, stale, a placeholder, a file that Argo CD would miss), HandEdited, NotClean,
    HookRefused, InputError (the spec, a merge conflict), ToolError (git): nothing is committed then. A push
    that fails keeps the commit.
    """
    repository = git.open_repository(root)
    with files.locked(root):
        if files.interrupted(root):
            raise Refused(files.INTERRUPTED, hint="`asky-gitops generate` makes the tree whole again")
        git.refuse_busy(repository)
        git.refuse_nobody(repository)
        target = git_commit.upstream(repository) if push else None
        stack = load(root)
        refuse_placeholders(root)
        plan = layout.plan(stack).files
        base = repository.head()
        paths = own_paths(repository, base, {*TOP, *stack.sql, *(file.path for file in plan)})
        refuse_ignored(repository, paths)
        wanted = git.draft(repository, base, paths)
        refuse_stale(root, amended)
        with waiting("judging"):
            report = check(root)
        if report.exit_code:
            raise NotClean(report)
        refuse_incomplete(repository, report, wanted)
        refuse_unwatched(report, plan)
        text = message or f"Update {stack.name} from asky.yaml"
        with waiting(COMMITTING):
            result = save(repository, base, wanted, paths, plan, text)
    if target is None:
        return replace(result, overlays=len(stack.overlays))
    with waiting("pushing"):
        git_commit.push(repository, target)
    changed = repository.changed(repository.tree_of(base), wanted.tree)
    followed = git_commit.follows(repository, target, stack.source.target_revision)
    names = applications(plan, report, changed) if followed else ()
    return replace(result, overlays=len(stack.overlays), pushed=str(target), applications=names)


def own_paths(repository: Repository, base: str | None, named: Collection[str]) -> list[str]:
    """Return every path a commit is about: the named ones that exist, and what was ours and is gone.

    What a sparse checkout leaves out is not gone.
    """
    places = [*TOP, *ownership.folders(named)]
    staged = repository.listed(places)
    held = {**repository.committed(base, places), **staged}
    gone = {
        path
        for path, entry in held.items()
        if not on_disk(repository.root, path)
        and (
            path in named or path.endswith(".sql") or is_custom(path) or was_ours(repository, path, entry.oid)
        )
    }
    custom = {path for path in staged if is_custom(path)}
    here = {path for path in named if on_disk(repository.root, path)}
    return sorted((here | custom | gone) - repository.left_out(places))


def is_custom(path: str) -> bool:
    """Return whether a path is in the folder of an overlay that we seed and the user fills."""
    parts = path.split("/")
    return len(parts) > 3 and parts[0] == "overlays" and parts[2] == "custom"


def was_ours(repository: Repository, path: str, oid: str) -> bool:
    """Return whether a file that is no longer on disk says that it was generated."""
    text = repository.content(oid).decode("utf-8", "surrogateescape")
    return ownership.state(path, text) in (State.INTACT, State.EDITED) or ownership.SHARED_MARK in text


def on_disk(root: Path, path: str) -> bool:
    """Return whether there is anything of this name, a broken link too."""
    return (root / path).is_symlink() or (root / path).exists()


def refuse_placeholders(root: Path) -> None:
    """Raise Many of Refused for the values of the spec that are still to be filled in."""
    left = spec.placeholders(root / "asky.yaml")
    if left:
        raise Many([Refused(f"{value} is still to be filled in", where) for where, value in left])


def refuse_ignored(repository: Repository, paths: Sequence[str]) -> None:
    """Raise Refused when a .gitignore would keep one of our files out of every commit."""
    ignored = repository.ignored(paths)
    if ignored:
        hint = f"git check-ignore -v {ignored[0]}"
        raise Refused("git ignores a file that belongs to the commit", ignored[0], hint)


def refuse_stale(root: Path, amended: Collection[int]) -> None:
    """Raise Refused when the files are not what the spec says, or a migration is rewritten."""
    stale = generate(root, mode="check", amended=amended).differences
    if stale:
        more = f", and {len(stale) - 1} more" if len(stale) > 1 else ""
        raise Refused(f"is not what asky.yaml says{more}", stale[0].path, "asky-gitops generate")


def refuse_incomplete(repository: Repository, report: Report, wanted: Draft) -> None:
    """Raise Many of Refused for files that were judged here and that Argo CD would not find as they are."""
    closure = sorted({path for target in report.targets for path in target.closure})
    links = [path for path, entry in wanted.tracked.items() if entry.mode == "160000"]
    errors: list[Refused] = []
    for path in closure:
        holder = next((link for link in links if path.startswith(f"{link}/")), path)
        if holder not in wanted.tracked:
            known = "ignores it" if repository.ignored([path]) else "does not track it"
            errors.append(
                Refused(f"is rendered, but git {known}: Argo CD would miss it", path, f"git add {path}")
            )
        elif holder in wanted.modified:
            hint = f"commit it first: git commit -- {holder}"
            errors.append(
                Refused("is rendered as it is here, but the commit holds another version", path, hint)
            )
    if errors:
        raise Many([*errors], "nothing was committed")


def refuse_unwatched(report: Report, plan: Iterable[File]) -> None:
    """Raise Many of Refused for files that Argo CD would sync only with the next change of another one."""
    told = watched.applications(plan)
    errors: list[AskyError] = []
    for target in report.targets:
        if target.path in told:
            name = told[target.path]["metadata"]["name"]
            words = f"is rendered, but {name} does not watch it: Argo CD would miss a change"
            hint = f"move it below {target.path}/custom/"
            missed = watched.unwatched(told[target.path], target.closure)
            errors += [Refused(words, path, hint) for path in missed]
    if errors:
        raise Many(errors, "nothing was committed")


def save(
    repository: Repository,
    base: str | None,
    wanted: Draft,
    paths: Sequence[str],
    plan: Iterable[File],
    message: str,
) -> CommitResult:
    """Make the commit, if there is anything to commit."""
    changed = repository.changed(repository.tree_of(base), wanted.tree)
    staged = set(repository.staged(base))
    if not changed:
        return CommitResult(0, left_staged=len(staged - set(paths)))
    touched = sorted({*changed, *(staged & set(paths))})
    contents = files_at(repository.root, touched)
    try:
        made = git_commit.make_commit(repository, base, wanted, touched, message)
    except HookRefused as refused:
        generated = {file.path for file in plan if file.ownership is not Ownership.SEEDED}
        raise explained(repository.root, refused, contents, generated) from None
    return CommitResult(0, made, len(changed), len(staged - set(paths)))


def explained(
    root: Path, refused: HookRefused, contents: Mapping[str, bytes | None], generated: Collection[str]
) -> HookRefused:
    """Show what a hook said and what it rewrote, without values; take back what it did to generated files."""
    words = [Redactor().text(line) for line in refused.words.splitlines()]
    undone = []
    for path in refused.rewritten:
        before, now = contents.get(path), files.read(root, path)
        texts = [None if content is None else content.decode("utf-8", "replace") for content in (before, now)]
        words += masked_diff(path, texts[0], texts[1])
        if path in generated and before != now:
            undone.append(files.Change(path, now, before))
    files.apply(root, undone)
    hint = None
    if refused.rewritten:
        hint = (
            "leave generated files out of the hook"
            if undone
            else "look at what it changed, then commit again"
        )
    where = refused.rewritten[0] if refused.rewritten else None
    return HookRefused(refused.message, "\n".join(words), refused.rewritten, where, hint)


def files_at(root: Path, paths: Iterable[str]) -> dict[str, bytes | None]:
    """Read files as they are before a hook may change them."""
    return {path: files.read(root, path) for path in paths}


def applications(plan: Iterable[File], report: Report, changed: Sequence[str]) -> tuple[str, ...]:
    """Return the Applications whose files a push changes, by the closure of the target each one renders."""
    paths = {target.path for target in report.targets if set(target.closure) & set(changed)}
    told = watched.applications(plan)
    return tuple(sorted(told[path]["metadata"]["name"] for path in paths if path in told))
