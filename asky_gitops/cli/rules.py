"""`asky-gitops rules`: what is checked."""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from asky_gitops.cli.options import further_policies
from asky_gitops.formats.style import safe
from asky_gitops.model.finding import Rule
from asky_gitops.model.version import NEXT
from asky_gitops.steps.rules import rules


@click.command("rules", short_help="list what is checked")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@further_policies
def command(form: str, policies: tuple[Path, ...]) -> None:
    """List the rules by category, with the severity of what they find."""
    found = rules(policies)
    if form == "json":
        click.echo(json.dumps({"rules": [document(rule) for rule in found]}, indent=2))
    else:
        click.echo(table(found), nl=False)


def document(rule: Rule) -> dict[str, Any]:
    """Return all that a rule's metadata says, as JSON."""
    return {
        "id": rule.id,
        "category": rule.category,
        "severities": list(rule.severities),
        "new": rule.new,
        "title": rule.title,
        "description": " ".join(rule.description.split()),
        "remediation": " ".join(rule.remediation.split()),
        "related": list(rule.related),
        "custom": dict(rule.custom),
    }


def table(found: Sequence[Rule]) -> str:
    """Return a line for each rule under its category, and how many there are."""
    width = max(len(rule.id) for rule in found)
    lines = []
    for category, members in groupby(found, key=lambda rule: rule.category):
        lines.append(safe(category))
        for rule in members:
            severity = ", ".join([*rule.severities, *(["new"] if rule.hardens else [])])
            lines.append(f"  {safe(rule.id):<{width}}  {severity:<14}  {safe(rule.title)}".rstrip())
    said = f"\n{len(found)} rules · asky-gitops explain RULE"
    if new := sum(rule.hardens for rule in found):
        said += f" · {new} new ones: an error from {NEXT} on"
    lines.append(said)
    return "\n".join(lines) + "\n"
