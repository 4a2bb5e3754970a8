"""Joins what a rule's metadata says to what the rule found."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from asky_gitops.errors import InputError
from asky_gitops.findings.fixes import is_fixable
from asky_gitops.model.finding import Finding, Rule

SCHEMA_ERROR = "schema-error"
"""The one rule that is the engine's and not a policy: an object its Kubernetes version refuses."""
SCHEMA_RULE = Rule(
    id=SCHEMA_ERROR,
    category="reliability",
    title="Schema error",
    description="An object is not what the schema of its kind says in a version of Kubernetes it is judged "
    "for: the API server would refuse it, or drop a field it does not know.",
    remediation="Write the field as the schema has it: `kubectl explain KIND.FIELD` shows it, and --crds DIR "
    "adds the schema of a custom resource.",
    verbs=("deny",),
    related=("https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",),
)


def described(findings: Iterable[Finding], rules: Iterable[Rule]) -> list[Finding]:
    """Return the findings with their rule's remediation, and whether `fix` knows a repair."""
    by_id = {(rule.category, rule.id): rule for rule in rules}
    return [_described(finding, by_id.get((finding.category, finding.rule))) for finding in findings]


def _described(finding: Finding, rule: Rule | None) -> Finding:
    finding = replace(finding, fixable=is_fixable(finding))
    if rule is None or finding.remediation:
        return finding
    return replace(finding, remediation=" ".join(rule.remediation.split()))


def selected(wanted: Sequence[str], rules: Iterable[Rule]) -> frozenset[str]:
    """Return the ids to report: those in `wanted`, or every one.

    Raises InputError for an id no rule has, with the nearest one that exists.
    """
    known = {rule.id for rule in rules} | {SCHEMA_ERROR}
    for name in wanted:
        if name not in known:
            raise InputError(f'there is no rule "{name}"', hint=nearest_rule(name, known))
    return frozenset(wanted) or frozenset(known)


def nearest_rule(name: str, known: Iterable[str]) -> str:
    """Return a hint for a rule that does not exist: the nearest one, or what lists them all."""
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f'did you mean "{near[0]}"?' if near else "asky-gitops rules lists them"
