"""What a report is silent about and should say: what a profile turns off, what will be judged harder."""

from collections.abc import Iterator

from asky_gitops.formats.style import safe
from asky_gitops.model.finding import Report
from asky_gitops.model.version import NEXT


def notes(report: Report) -> Iterator[str]:
    """Yield a line for each overlay whose profile turns rules off, and one for the new rules that found."""
    overlays: dict[str, list[str]] = {}
    for one in report.off:
        overlays.setdefault(one.overlay, []).append(f"{safe(one.rule)} ({one.count})")
    for overlay, rules in overlays.items():
        yield f"profile dev of {safe(overlay)} turns off {', '.join(rules)}"
    hardens = {rule.id for rule in report.rules if rule.hardens}
    if new := sorted({finding.rule for finding in report.counting} & hardens):
        yield f"new rules warn: from {NEXT} on an error is what {', '.join(map(safe, new))} finds"
