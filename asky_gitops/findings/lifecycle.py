"""A rule that comes with a minor version warns in it: what it denies is an error from the next one on."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from asky_gitops.model.finding import Finding, Rule
from asky_gitops.model.version import MINOR


def aged(rules: Iterable[Rule], shipped: Collection[tuple[str, str]]) -> tuple[Rule, ...]:
    """Return the rules, those that are new marked so: their metadata says `since` with this minor version.

    `shipped` are category and id of ours: a rule of somebody else's has versions of its own.
    """
    return tuple(
        replace(one, new=(one.category, one.id) in shipped and one.custom.get("since") == MINOR)
        for one in rules
    )


def judged(found: Iterable[Finding], rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """Return the findings with the severity that counts in this version."""
    new = {(rule.category, rule.id) for rule in rules if rule.new}
    return tuple(
        replace(one, severity="warning") if (one.category, one.rule) in new else one for one in found
    )
