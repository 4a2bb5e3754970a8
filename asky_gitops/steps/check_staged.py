"""The part of `check` for hooks: what is staged is judged, whatever lies in the work tree."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from asky_gitops.adapters import git, git_checkout
from asky_gitops.adapters.git import Repository
from asky_gitops.model.finding import Problem, Report
from asky_gitops.steps.build import SETTINGS, SPEC, started
from asky_gitops.steps.check import check
from asky_gitops.steps.check_targets import said, targets

EVERYWHERE = {SPEC, SETTINGS, "waivers.yaml"}
"""Files that decide how everything is judged."""


def check_staged(root: Path, **options: Any) -> Report:
    """Check as `check` does what is staged: the targets that a staged file reaches, or all when none is.

    A file that a render needs and git does not track is named: it would pass here and fail in Argo CD.
    Raises what `check` raises, ToolError outside of a repository.
    """
    repository = git.open_repository(root)
    with git_checkout.staged(repository) as (copy, paths):
        touched = None if not paths or EVERYWHERE & set(paths) else paths
        report = check(copy, touched=touched, **options)
        if any(problem.code in ("missing-file", "render-failed") for problem in report.problems):
            report = _with_untracked(repository, root, copy, report, options)
    return report


def _with_untracked(
    repository: Repository, root: Path, copy: Path, report: Report, options: dict[str, Any]
) -> Report:
    """Say of a render that failed which files it reads in the work tree that are not staged."""
    overlays, paths = options.get("overlays") or (), options.get("paths") or ()
    with started() as engine:
        wanted, _ = targets(engine, root, said(root, None), paths, overlays, None)
        closures = {one.target.name: one.target.closure for one in engine.build(root, wanted)}

    def told(problem: Problem) -> Problem:
        read = closures.get(problem.target or "", ())
        missing = [file for file in read if not (copy / file).exists()]
        if not missing:
            return problem
        ignored = set(repository.ignored(missing))
        hints = [f"git add {'-f ' if file in ignored else ''}{file}" for file in missing[:3]]
        words = f"{', '.join(missing[:3])} is not staged: Argo CD would miss it"
        return replace(problem, message=words, hint=" · ".join(hints), location=None)

    return replace(report, problems=tuple(told(problem) for problem in report.problems))
