"""`diff`: what changes in the cluster, against another revision."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from asky_gitops.adapters import bundled, git, git_checkout
from asky_gitops.adapters.engine import Engine
from asky_gitops.errors import InputError, Many
from asky_gitops.findings.difference import compare
from asky_gitops.model.difference import Difference
from asky_gitops.steps.build import errors_of, refuse_unfinished, sources, started
from asky_gitops.steps.check_targets import said, targets


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


def rendered(
    engine: Engine, root: Path, overlays: Sequence[str], revision: str | None = None
) -> dict[str, list[Mapping[str, Any]]]:
    """Return the objects of every target by its name; `revision` is what `root` holds, for a message."""
    wanted, _ = targets(engine, root, said(root, None), (), overlays, None)
    asked: dict[str, Any] = {
        "policies": str(bundled.policies()),
        "extra": [],
        "config": {},
        "schemas": None,
        "input": True,
    }
    _, answers = engine.judge(root, wanted, asked)
    problems = [answer.problem for answer in answers if answer.problem]
    if problems:
        read = {file for answer in answers if answer.problem for file in answer.target.closure}
        errors = errors_of(problems, sources(root, read))
        if revision is None:
            raise Many(errors)
        raise InputError(f"{revision} cannot be rendered: {errors[0].message}", errors[0].where)
    return {answer.target.name: list(answer.input["items"]) for answer in answers if answer.input is not None}
