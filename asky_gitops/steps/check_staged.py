"""The part of `check` for hooks: what is staged is judged, whatever lies in the work tree."""

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from asky_gitops.adapters import bundled, git, git_checkout, remembered
from asky_gitops.adapters.git import Repository
from asky_gitops.model.finding import Off, Problem, Report, Rule, Target
from asky_gitops.steps.build_places import SETTINGS, SPEC

EVERYWHERE = {SPEC, SETTINGS, "waivers.yaml"}
"""Files that decide how everything is judged."""
ELSEWHERE = ("policies", "crds", "opa_url", "opa_upload", "stdin", "maps")
"""Options with which more is read than what is staged, or more is told than that all is clean."""


def check_staged(root: Path, **options: Any) -> Report:
    """Check as `check` does what is staged: the targets that a staged file reaches, or all when none is.

    A file that a render needs and git does not track is named: it would pass here and fail in Argo CD. What
    was clean is not judged again while nothing it was judged from and by has changed, and what reaches no
    target is not rendered again. Raises what `check` raises, ToolError outside of a repository.
    """
    note = options.pop("note", lambda _: None)
    repository = git.open_repository(root)
    with git_checkout.staged(repository) as (copy, paths):
        touched = None if not paths or EVERYWHERE & set(paths) else paths
        remembers = not any(options.get(name) for name in ELSEWHERE)
        # Until when a waiver counts is asked of the calendar.
        asked = (datetime.date.today(), sorted(options.items()))
        key = partial(remembered.key_of, copy, (bundled.PACKAGE, bundled.policies()), asked)
        if remembers and (kept := remembered.recall(root)) and (report := _recalled(kept, key, touched)):
            note("nothing that counts has changed since it was judged")
            return report
        from asky_gitops.steps.check import check

        report = check(copy, touched=touched, note=note, **options)
        if any(problem.code in ("missing-file", "render-failed") for problem in report.problems):
            report = _with_untracked(repository, root, copy, report, options)
        if remembers and not report.problems:
            # Of what was found nothing is kept, no line of anybody's files: only what it was read from.
            told = report if _is_clean(report) else _of_nothing(report)
            reaching = None if touched is None else sorted(report.read.intersection(touched))
            said = {**asdict(replace(told, seconds=0.0)), "read": sorted(report.read)}
            remembered.keep(root, {"key": key(report.read), "reaching": reaching, "said": said})
    return report


def _is_clean(report: Report) -> bool:
    """Tell whether a report holds nothing but that all is well: no line of anybody's files."""
    unjudged = any(target.unjudged or target.status != "judged" for target in report.targets)
    return bool(report.targets) and not (report.findings or report.problems or unjudged)


def _of_nothing(report: Report) -> Report:
    """Return what is reported of no target by the same rules."""
    return replace(report, targets=(), findings=(), off=())


def _recalled(
    kept: Mapping[str, Any], key: Callable[[Collection[str]], str], touched: Collection[str] | None
) -> Report | None:
    """Return the report that was kept for what these files reach; None for anything else."""
    try:
        said = kept["said"]
        read = frozenset(said["read"])
        reaching = None if touched is None else sorted(read.intersection(touched))
        if kept["key"] != key(read) or (reaching != [] and kept["reaching"] != reaching):
            return None
        report = Report(
            versions=dict(said["versions"]),
            targets=tuple(Target(**_tuples(one)) for one in said["targets"]),
            findings=tuple(said["findings"]),
            problems=tuple(said["problems"]),
            rules=tuple(Rule(**_tuples(one)) for one in said["rules"]),
            off=tuple(Off(**one) for one in said["off"]),
            fail_on=said["fail_on"],
            read=read,
        )
    except (KeyError, TypeError):
        return None
    if report.findings or report.problems:
        return None
    if reaching == []:
        return _of_nothing(report)
    return report if _is_clean(report) else None


def _tuples(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}


def _with_untracked(
    repository: Repository, root: Path, copy: Path, report: Report, options: dict[str, Any]
) -> Report:
    """Say of a render that failed which files it reads in the work tree that are not staged."""
    from asky_gitops.steps.build import started
    from asky_gitops.steps.check_targets import said, targets

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
