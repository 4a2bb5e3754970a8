"""`asky-gitops explain`: why a rule is one, what to avoid and what to write instead."""

from pathlib import Path

import click

from asky_gitops.cli import completion
from asky_gitops.cli.options import further_policies
from asky_gitops.formats.style import safe
from asky_gitops.steps.rules import explain


@click.command("explain", short_help="tell why a rule is one, and what to write instead")
@click.argument("rule", shell_complete=completion.rules)
@further_policies
def command(rule: str, policies: tuple[Path, ...]) -> None:
    """Print the page of RULE as Markdown: summary, avoid, prefer, rationale, related."""
    click.echo("".join(f"{safe(line)}\n" for line in explain(rule, policies).splitlines()), nl=False)
