"""`fix`: mechanical repairs in the file to edit, judged again before a file of the user's is written."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from asky_gitops.adapters import files
from asky_gitops.adapters.yaml import dump
from asky_gitops.adapters.yaml_set import with_patch, with_value
from asky_gitops.errors import InputError
from asky_gitops.findings.fixes import Fix, fix_for, settings_for
from asky_gitops.findings.masked_diff import masked_diff
from asky_gitops.findings.patches import patch_for
from asky_gitops.findings.values import reference
from asky_gitops.model.finding import Finding, Report
from asky_gitops.steps.build import refuse_unfinished, started
from asky_gitops.steps.check import check
from asky_gitops.steps.check_targets import rendered
from asky_gitops.steps.fix_spec import Contents, attempts, regenerated, restore
from asky_gitops.tree.ownership import State, state

LEFT_OUT = (".git", "node_modules", ".venv", ".terraform")
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class FixResult:
    """What was mended, the report of what is left, and the files as they were and are."""

    fixed: tuple[Finding, ...]
    left: Report
    changes: tuple[tuple[str, bytes | None, bytes | None], ...]

    def diff(self) -> list[str]:
        """Return the lines of a unified diff, no secret in them."""
        return [
            line
            for path, before, after in self.changes
            for line in masked_diff(path, _text(before), _text(after))
        ]


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "replace")


def fix(
    root: Path,
    *,
    paths: Sequence[str] = (),
    rules: Sequence[str] = (),
    unsafe: bool = False,
    write: bool = True,
) -> FixResult:
    """Mend what `check` finds in `paths` and can be mended mechanically; with `write` in the files of `root`.

    A generated file is mended by a setting of asky.yaml, which is generated from anew, else by a patch in its
    overlay's custom/. Whatever does not make its finding go, or breaks the render, is taken back. `unsafe`
    adds repairs that may stop something from working. Raises what `check` raises; InputError for standard
    input, which cannot be mended.
    """
    if "-" in paths:
        raise InputError("standard input cannot be mended")
    refuse_unfinished(root)
    with TemporaryDirectory(prefix="asky-gitops-") as folder:
        copy = (Path(folder) / "files").resolve()
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
        bench = Bench(copy, paths, rules, unsafe)
        bench.mend()
        after = {path: files.read(copy, path) for path in bench.before}
        changes = tuple(
            (path, before, after[path])
            for path, before in sorted(bench.before.items())
            if before != after[path]
        )
    if write and changes:
        with files.locked(root):
            files.apply(root, [files.Change(path, before, after) for path, before, after in changes])
    return FixResult(tuple(bench.fixed), bench.report, changes)


class Bench:
    """A copy of the tree to mend: edits that help stay, others are taken back."""

    def __init__(self, root: Path, paths: Sequence[str], rules: Sequence[str], unsafe: bool) -> None:
        self.root = root
        self._paths = paths
        self._rules = rules
        self._unsafe = unsafe
        self._hopeless: set[Key] = set()
        self._asked_for: set[Key] = set()
        self.before: Contents = {}
        self.fixed: list[Finding] = []
        self.report = self._judge()

    def _judge(self) -> Report:
        return check(self.root, paths=self._paths, rules=self._rules)

    def _accept(self, report: Report, fixed: Sequence[Finding], was: Contents) -> None:
        """Keep what was written since `was`: it mended these, and left what the report says."""
        self.fixed += fixed
        self.report = report
        for path, content in was.items():
            self.before.setdefault(path, content)

    def mend(self) -> None:
        """Go on until a pass mends nothing: what was given up may work once something else is there."""
        mended = -1
        while len(self.fixed) > mended:
            mended = len(self.fixed)
            self._hopeless.clear()
            self._pass()

    def _pass(self) -> None:
        """Go on until there is nothing to try: each round mends a finding or gives one up."""
        while self._unsafe and (finding := self._of_spec()):
            self._asked_for |= keys([finding])
            self._set(finding)
        while batch := self._batch():
            saved: Contents = {path: (self.root / path).read_bytes() for path in self._files(batch)}
            written = [finding for finding, its in batch if self._write(finding, its)]
            self._hopeless |= keys(finding for finding, _ in batch if finding not in written)
            if not written:
                continue
            report = self._judge()
            still = keys(report.counting)
            broken = len(report.problems) > len(self.report.problems)
            useless = [one for one in written if broken or keys([one]) & still]
            if useless:
                restore(self.root, saved)
                self._hopeless |= keys(useless)
                continue
            self._accept(report, written, saved)

    def _of_spec(self) -> Finding | None:
        """Return a finding on a generated file that a setting of the spec may close."""
        for one in self.report.counting:
            asked = keys([one]) <= self._asked_for or one.location is None or not settings_for(one)
            if not asked and one.location and self._generated(one.location.file):
                return one
        return None

    def _set(self, finding: Finding) -> None:
        """Try the settings that may close a finding, until one does and brings no other."""
        for text in attempts(self.root, finding):
            was = regenerated(self.root, text)
            if was is None:
                continue
            report = self._judge()
            there, left = keys(self.report.counting), keys(report.counting)
            if keys([finding]) & left or left - there or len(report.problems) > len(self.report.problems):
                restore(self.root, was)
                continue
            gone = [one for one in self.report.counting if not keys([one]) & left]
            self._accept(report, gone, was)
            return

    def _batch(self) -> list[tuple[Finding, Fix]]:
        """Return what to mend next: one finding a line, the last line of a file first."""
        chosen: dict[Any, tuple[Finding, Fix]] = {}
        for finding in self.report.counting:
            its = fix_for(finding)
            if its is None or (its.unsafe and not self._unsafe) or keys([finding]) & self._hopeless:
                continue
            if finding.location is not None and finding.resource is not None:
                at = finding.location
                place = at.file if self._generated(at.file) else (at.file, at.line)
                chosen.setdefault(place, (finding, its))
        return sorted(chosen.values(), key=lambda pair: pair[0].location or (), reverse=True)

    def _generated(self, file: str) -> bool:
        path = self.root / file
        return path.is_file() and state(file, path.read_text("utf-8", "replace")) is State.INTACT

    def _files(self, batch: Sequence[tuple[Finding, Fix]]) -> set[str]:
        """Return the files that mending may change."""
        return {
            file for finding, _ in batch for file in self._targets(finding) if (self.root / file).is_file()
        }

    def _targets(self, finding: Finding) -> list[str]:
        assert finding.location is not None
        if not self._generated(finding.location.file):
            return [finding.location.file]
        overlays = dict.fromkeys(name.partition("/")[0] for name in finding.overlays)
        return [f"overlays/{name}/custom/kustomization.yaml" for name in overlays]

    def _write(self, finding: Finding, its: Fix) -> bool:
        """Write the repair of one finding; tell whether that could be done."""
        assert finding.location is not None
        at = finding.location
        if self._generated(at.file):
            return self._patch(finding, its)
        text = (self.root / at.file).read_bytes().decode("utf-8")
        mended = with_value(text, at.line, at.column, finding.path, its.value)
        if mended is None or mended == text:
            return False
        (self.root / at.file).write_bytes(mended.encode())
        return True

    def _patch(self, finding: Finding, its: Fix) -> bool:
        with started() as engine:
            targets = rendered(engine, self.root, ())
        done = {}
        for overlay, file in zip(finding.overlays, self._targets(finding), strict=False):
            items = (item for item in targets.get(overlay, ()) if reference(item) == finding.resource)
            patch = next((patch_for(item, finding.path, its.value) for item in items), None)
            place = self.root / file
            text = with_patch(place.read_text("utf-8"), dump([patch])) if patch and place.is_file() else None
            if text is None:
                return False
            done[place] = text
        for place, text in done.items():
            place.write_text(text, "utf-8")
        return bool(done)


def keys(findings: Iterable[Finding]) -> set[Key]:
    """Return what makes each finding, in each of its overlays, the same one after its line has moved."""
    return {
        (one.rule, one.resource, one.path, one.message, overlay)
        for one in findings
        for overlay in one.overlays
    }
