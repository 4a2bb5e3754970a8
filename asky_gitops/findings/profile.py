"""What `profile: dev` of an overlay turns off: the rules whose metadata says `profile: prod`.

A cluster on a laptop has no backups, no encrypted disks and one replica of everything, and that is a
decision somebody wrote down. The findings are counted and not shown.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from asky_gitops.model.finding import Finding, Off, Rule


def judged(
    found: Iterable[tuple[str, Sequence[Finding]]], relaxed: Sequence[str], rules: Iterable[Rule]
) -> tuple[list[Finding], tuple[Off, ...]]:
    """Return the findings to report, and how many of which rule are turned off in which overlay.

    `found` is the findings by the path of what was judged, `relaxed` the overlays with `profile: dev`.
    """
    strict_only = {rule.id for rule in rules if rule.custom.get("profile") == "prod"}
    kept: list[Finding] = []
    off: Counter[tuple[str, str]] = Counter()
    for path, findings in found:
        overlay = next((name for name in relaxed if _is_of(path, name)), None)
        for finding in findings:
            if overlay is not None and finding.rule in strict_only:
                off[overlay, finding.rule] += 1
            else:
                kept.append(finding)
    return kept, tuple(Off(overlay, rule, count) for (overlay, rule), count in sorted(off.items()))


def _is_of(path: str, overlay: str) -> bool:
    """Say whether a target is one of an overlay's: its root, its platform, its Applications."""
    return any(f"{path}/".startswith(f"{folder}/{overlay}/") for folder in ("overlays", "argocd"))
