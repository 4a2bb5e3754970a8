"""`asky-gitops generate`: what was written, and what stands in the way of writing."""

import shlex
from pathlib import Path

import click

from asky_gitops.cli.options import amended_migrations, some_overlays
from asky_gitops.cli.progress import working
from asky_gitops.formats.style import safe
from asky_gitops.steps.build_places import find_root, inside
from asky_gitops.steps.generate import GenerateResult, HandEdited, Mode, generate
from asky_gitops.steps.keep import in_spec

SHOWN_LINES = 20
"""Lines of a hand edit that are shown before the rest is only counted."""


@click.command("generate", short_help="write base/, overlays/, sql/ and argocd/ from asky.yaml")
@some_overlays("Only the base and this overlay.")
@click.option("--check", "mode", flag_value="check", help="Write nothing; exit 1 when anything would change.")
@click.option("--diff", "mode", flag_value="diff", help="Write nothing; print what would change.")
@amended_migrations
@click.option("--overwrite", multiple=True, metavar="FILE", help="Drop the hand edit of this file.")
@click.pass_obj
def command(
    options: dict[str, bool],
    overlays: tuple[str, ...],
    mode: Mode | None,
    amended: tuple[int, ...],
    overwrite: tuple[str, ...],
) -> int:
    """Write the tree that asky.yaml describes; stop before anything is written at a hand edit."""
    root = find_root([])
    try:
        dropped = [inside(root, file) for file in overwrite]
        with working("planning", quiet=options["quiet"]):
            result = generate(
                root, overlays=overlays, mode=mode or "write", overwrite=dropped, amended=amended
            )
    except HandEdited as stop:
        print_stop(root, stop, "nothing was written")
        return stop.exit_code
    if result.mode == "diff":
        click.echo("".join(f"{safe(line)}\n" for line in result.diff()), nl=False)
    elif not options["quiet"]:
        print_result(result)
    return result.exit_code


def print_result(result: GenerateResult) -> None:
    """Print one line a group, and what to do next."""
    if result.recovered:
        click.echo("  an interrupted run was made whole first")
    name_width = max(len(group.name) for group in result.groups) + 2
    for group in result.groups:
        files = f"{group.files} file{'' if group.files == 1 else 's'}"
        click.echo(f"  {group.name:<{max(name_width, 12)}}{files:<11}{safe(group.summary())}")
        if result.mode == "check":
            for difference in group.differences:
                click.echo(f"    {difference.kind:<9}{safe(difference.path)}")
    if result.exit_code:
        click.echo("stale: asky-gitops generate", err=True)
    elif result.mode == "write":
        click.echo("  next: asky-gitops check · asky-gitops commit")


def print_stop(root: Path, stop: HandEdited, closing: str) -> None:
    """Print each hand edit with its difference and the ways out of it, then the closing line."""
    for edit in stop.edits:
        click.echo(
            f"{click.style('stopped:', fg='red', bold=True)} {safe(edit.path)} {edit.reason}", err=True
        )
        lines = stop.diff(edit)
        for line in lines[:SHOWN_LINES]:
            click.echo(f"    {safe(line)}", err=True)
        if len(lines) > SHOWN_LINES:
            click.echo(f"    … {len(lines) - SHOWN_LINES} more lines", err=True)
        ways = dict(stop.ways(edit))
        if assignments := in_spec(root, edit):
            ways["keep it in the spec"] = f"asky-gitops set {shlex.join(assignments)}"
        for purpose, way in ways.items():
            click.echo(f"  {purpose:<23}{safe(way)}", err=True)
    click.echo(closing, err=True)
