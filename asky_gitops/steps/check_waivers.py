"""The part of `check` that decides which findings count: waivers.yaml."""

import datetime
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from asky_gitops.findings.catalogue import SCHEMA_ERROR, selected
from asky_gitops.findings.digest import SALT_BYTES, digest
from asky_gitops.findings.values import Values
from asky_gitops.findings.waivers import FILE, waived, wrong
from asky_gitops.model.finding import Finding, Problem, Rule
from asky_gitops.model.waiver import Waiver


def read(root: Path, trusted: Path | None = None) -> tuple[Waiver, ...]:
    """Return the waivers of a repository; raise InputError or Many of it for a file that is wrong.

    With a trusted revision those that it has, too: what was taken out since is gone, what was added waits.
    A file without anything in it is what `check --waive > waivers.yaml` starts from.
    """
    path = root / FILE
    if not path.is_symlink() and (not path.exists() or (path.is_file() and not path.stat().st_size)):
        return ()
    from asky_gitops.adapters import spec_waivers, spec_yaml

    here = spec_waivers.parse(spec_yaml.read(path, FILE), FILE)
    if trusted is None:
        return here
    there = {replace(waiver, line=0, column=0) for waiver in read(trusted)}
    return tuple(waiver for waiver in here if replace(waiver, line=0, column=0) in there)


class Decided:
    """What the waivers make of the findings; `wrong` is what is the matter with the waivers themselves."""

    def __init__(
        self,
        waivers: Sequence[Waiver],
        rules: Sequence[Rule],
        wanted: Sequence[str],
        overlays: Sequence[str],
        whole: bool,
    ) -> None:
        """`wanted` and `overlays` are what the run was narrowed to, `whole` says that it saw all the rest.

        Raises InputError for a wanted rule that does not exist.
        """
        self._waivers = waivers
        self._rules = rules
        self._wanted = selected(wanted, rules)
        self._overlays = overlays
        self._whole = whole
        self.wrong: list[Problem] = []

    def apply(self, findings: Sequence[Finding], values: Values, bind: bool) -> list[Finding]:
        """Return the wanted findings of single targets, those that are waived with their waiver."""
        found = [finding for finding in findings if finding.rule in self._wanted]
        if self._waivers:
            today = datetime.date.today().isoformat()
            known = {rule.id for rule in self._rules} | {SCHEMA_ERROR}
            decided, covered = waived(found, self._waivers, today, values)
            self.wrong = wrong(covered, decided, known, today, self._judged)
            found = decided
        if bind:
            found = [replace(one, digest=digest(values(one), os.urandom(SALT_BYTES))) for one in found]
        return found

    def _judged(self, waiver: Waiver) -> bool:
        """Tell whether this run saw all that the waiver could be about."""
        narrowed = bool(self._overlays) and waiver.overlay not in self._overlays
        return self._whole and waiver.rule in self._wanted and not narrowed
