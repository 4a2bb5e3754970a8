"""`diff`: what changes in the cluster, against another revision."""

from collections.abc import Sequence
from pathlib import Path

from asky_gitops.adapters import git, git_checkout
from asky_gitops.findings.difference import compare
from asky_gitops.model.difference import Difference
from asky_gitops.steps.build import refuse_unfinished, started
from asky_gitops.steps.check_targets import rendered


def diff(root: Path, *, overlays: Sequence[str] = (), since: str = "HEAD") -> Difference:
    """Return what changes in what Argo CD syncs from `root` since a revision, object by object.

    No value that may be a secret is in it. Raises InputError for an overlay or a revision that is none, or
    whose files cannot be rendered, ToolError when git or the engine fails.
    """
    refuse_unfinished(root)
    repository = git.open_repository(root)
    with git_checkout.checked_out(repository, since) as old, started() as engine:
        now = rendered(engine, root, overlays)
        known = [name for name in overlays if (old / "overlays" / name).is_dir()]
        before = rendered(engine, old, known, since) if known or not overlays else {}
    names = sorted({**before, **now})
    return Difference(
        since, tuple((name, compare(before.get(name, ()), now.get(name, ()))) for name in names)
    )
