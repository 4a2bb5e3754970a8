"""The part of `check` that knows another revision: what was there before, and what must not be weakened."""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from asky_gitops.adapters import git, git_checkout
from asky_gitops.errors import AskyError, InputError
from asky_gitops.findings.baseline import Before, marked, of_document, of_report
from asky_gitops.model.finding import Report, Target
from asky_gitops.steps.check import check

Note = Callable[[str], None]
PLACES = ("policies", "crds")


def check_against(
    root: Path,
    *,
    since: str | None = None,
    trust_from: str | None = None,
    baseline: Path | None = None,
    note: Note = lambda _: None,
    **options: Any,
) -> Report:
    """Check as `check` does with `options`; what was there before is marked as known and does not count.

    Before is what the JSON report `baseline` holds, or what revision `since` has, judged by the same rules.
    With `trust_from`, waivers, settings, and the baseline, policies and schemas inside the repository are
    that revision's: a pull request cannot waive or weaken itself. Raises InputError for a revision or a
    baseline that is none, and what `check` raises.
    """
    with ExitStack() as held:
        repository = git.open_repository(root) if since or trust_from else None
        if repository is not None and trust_from is not None:
            trusted = held.enter_context(git_checkout.checked_out(repository, trust_from))
            options["trusted"] = trusted
            there = partial(_there, root, trusted, trust_from)
            for name in PLACES:
                options[name] = [there(place) for place in options.get(name) or ()]
            baseline = there(baseline) if baseline else None
        before = _read(baseline) if baseline else []
        report = check(root, note=note, **options)
        if repository is not None and since is not None:
            old = held.enter_context(git_checkout.checked_out(repository, since))
            before += _before(old, git_checkout.renamed(repository, since), options, note)
    return marked(report, before) if since or baseline else report


def _there(root: Path, trusted: Path, revision: str, place: Path) -> Path:
    """Return the same place in the trusted revision; one outside of the repository is the caller's own.

    Raises InputError where the revision does not have it.
    """
    absolute = place.resolve()
    if not absolute.is_relative_to(root.resolve()):
        return place
    there = trusted / absolute.relative_to(root.resolve())
    if not there.exists():
        raise InputError(
            f"{place} is not in {revision}", hint="it counts from the commit on that brings it there"
        )
    return there


def _read(file: Path) -> list[Before]:
    try:
        document = json.loads(file.read_text("utf-8"))
        return of_document(document)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", str(file)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        hint = "asky-gitops check --format json --output FILE writes one"
        raise InputError("is not a report of asky-gitops", str(file), hint) from None


def _before(old: Path, renamed: Mapping[str, str], options: Mapping[str, Any], note: Note) -> list[Before]:
    """Return the findings a revision had; of what it cannot say anything about, everything is new."""
    wanted = {**options, "waivers": False, "strict": False, "bind": False, "trusted": None}
    wanted["overlays"] = [
        name for name in options.get("overlays") or () if (old / "overlays" / name).is_dir()
    ]
    wanted["paths"] = [path for path in options.get("paths") or () if path == "-" or (old / path).exists()]
    if (options.get("overlays") and not wanted["overlays"]) or (options.get("paths") and not wanted["paths"]):
        return []
    try:
        report = check(old, **wanted)
    except AskyError as error:
        note(f"the earlier revision cannot be judged ({error.message}): every finding is new")
        return []
    names = {target.name: _name_now(target, renamed) for target in report.targets}
    return of_report(report, renamed, names)


def _name_now(target: Target, renamed: Mapping[str, str]) -> str:
    """Return what a target is called since its kustomization was moved."""
    entry = next((file for file in target.closure if file.rpartition("/")[0] == target.path), "")
    folder = renamed.get(entry, entry).rpartition("/")[0]
    if not entry or folder == target.path:
        return target.name
    return folder if target.name == target.path else folder.removeprefix("overlays/")
