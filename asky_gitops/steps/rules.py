"""`rules` and `explain`: what is checked, and why."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

from asky_gitops.adapters import bundled
from asky_gitops.errors import InputError
from asky_gitops.findings.catalogue import SCHEMA_RULE, nearest_rule
from asky_gitops.findings.lifecycle import aged
from asky_gitops.model.finding import Rule
from asky_gitops.model.version import MINOR, NEXT
from asky_gitops.steps.build import started

NEW = f"New in {MINOR}: it warns until {NEXT}, where what it finds is an error."


def rules(policies: Sequence[Path] = ()) -> tuple[Rule, ...]:
    """Return every rule by category and id, with the engine's own and those of further policy folders.

    Raises InputError for a folder that is not there or does not fit, ToolError when the engine fails.
    """
    for place in policies:
        if not place.exists():
            raise InputError(f"--policies {place} does not exist")
    with started() as engine:
        known = engine.catalogue(bundled.policies(), [place.resolve() for place in policies])
    known = aged(known, bundled.rules())
    return tuple(sorted((*known, SCHEMA_RULE), key=lambda rule: (rule.category, rule.id)))


def names() -> list[str]:
    """Return the ids of the shipped rules, sorted, without asking the engine."""
    return sorted(rule for _, rule in bundled.rules())


def explain(name: str, policies: Sequence[Path] = ()) -> str:
    """Return the page of one rule as Markdown: its README, or what its metadata says.

    Raises InputError for a rule that does not exist, with the nearest one that does.
    """
    known = {rule.id: rule for rule in rules(policies)}
    if name not in known:
        raise InputError(f'there is no rule "{name}"', hint=nearest_rule(name, known))
    rule = known[name]
    page = bundled.policies() / "rules" / rule.category / rule.id / "README.md"
    own = [
        path for place in policies for path in sorted(place.rglob("README.md")) if path.parent.name == name
    ]
    written = next((path for path in (page, *own) if path.is_file()), None)
    text = written.read_text("utf-8", "replace") if written else _page(rule)
    return f"{text.rstrip()}\n\n## Lifecycle\n\n{NEW}\n" if rule.hardens else text


def _page(rule: Rule) -> str:
    """Return a page of a rule that has none."""
    sections = [f"# {rule.id}", f"## Summary\n\n{_wrapped(rule.title or rule.id)}"]
    if rule.description:
        sections.append(f"## Rationale\n\n{_wrapped(rule.description)}")
    if rule.remediation:
        sections.append(f"## Remediation\n\n{_wrapped(rule.remediation)}")
    if rule.related:
        sections.append("## Related\n\n" + "\n".join(f"- <{link}>" for link in rule.related))
    return "\n\n".join(sections) + "\n"


def _wrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 110, break_on_hyphens=False)
