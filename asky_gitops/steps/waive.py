"""`check --waive`: the entries of waivers.yaml that would cover what a report holds, but for the reason."""

import datetime
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from asky_gitops.adapters import yaml
from asky_gitops.findings.field import dotted
from asky_gitops.findings.fingerprint import stable_name
from asky_gitops.findings.waivers import FILE
from asky_gitops.model.finding import Finding, Report

DAYS = 90
"""How long a proposed waiver counts; whoever takes it over says something else if they mean it."""
REASON = "REPLACE-WITH-WHY-THIS-IS-RIGHT-HERE"
OWNER = "REPLACE-WITH-WHO-ANSWERS-FOR-IT"
"""What reading the file refuses."""


def proposed(root: Path, report: Report) -> str:
    """Return YAML to append to waivers.yaml: the whole file where there is none, else further entries."""
    until = (datetime.date.today() + datetime.timedelta(days=DAYS)).isoformat()
    unique = {
        repr(entry): entry | {"reason": REASON, "owner": OWNER, "until": until} | _value(finding)
        for finding in report.counting
        for entry in _entries(finding, overlays(report))
    }
    entries = list(unique.values())
    if not entries:
        return ""
    path = root / FILE
    if path.is_file() and path.stat().st_size:
        found = re.search(
            r"^waivers:[^\n]*\n(?:\s*#[^\n]*\n)*( *)- ", path.read_text("utf-8", "replace"), re.M
        )
        indent = found[1] if found else ""
        return re.sub(r"^(?=.)", indent, yaml.dump([entries]), flags=re.M)
    return yaml.dump([{"apiVersion": "asky-gitops.dev/v1alpha1", "kind": "Waivers", "waivers": entries}])


def overlays(report: Report) -> list[str]:
    """Return what the report is about: overlays, whose parts are targets of their own, or single targets."""
    return list(dict.fromkeys(_overlay(report, target.name) for target in report.targets))


def _overlay(report: Report, name: str) -> str:
    target = next((one for one in report.targets if one.name == name), None)
    return name if target is None or target.name == target.path else name.partition("/")[0]


def _entries(finding: Finding, judged: Sequence[str]) -> Iterator[dict[str, Any]]:
    entry: dict[str, Any] = {"rule": finding.rule}
    if (at := finding.resource) is not None:
        name = f"{at.kind}/{stable_name(at)}"
        entry["resource"] = f"{at.namespace}/{name}" if at.namespace else name
    elif finding.location is not None:
        entry["file"] = finding.location.file
    else:
        return
    if finding.path:
        entry["field"] = dotted(finding.path)
    its = [
        name for name in judged if any(one == name or one.startswith(f"{name}/") for one in finding.overlays)
    ]
    if len(judged) == len(its):
        yield entry
    else:
        yield from (entry | {"overlay": name} for name in its)


def _value(finding: Finding) -> dict[str, str]:
    return {"value": finding.digest} if finding.digest else {}
