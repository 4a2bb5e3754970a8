"""`asky-gitops down`: what goes, asked first, and what stays."""

import sys
from functools import partial

import click

from asky_gitops.cli.options import one_overlay
from asky_gitops.cli.progress import Live, working
from asky_gitops.errors import InputError
from asky_gitops.formats.style import safe
from asky_gitops.steps.build_places import find_root
from asky_gitops.steps.down import Going, down, look


@click.command("down")
@one_overlay("The overlay to take down.", required=True)
@click.option("--keep-data", is_flag=True, help="Keep the claims, their volumes and the passwords.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would go.")
@click.option("--timeout", metavar="SECONDS", type=click.IntRange(1), default=300, show_default=True,
              help="How long a namespace may take to go.")  # fmt: skip
@click.pass_obj
def command(
    options: dict[str, bool], overlay: str, keep_data: bool, yes: bool, dry_run: bool, timeout: int
) -> int:
    """Remove an overlay from the cluster of kubectl's context: its namespaces, claims and volumes.

    Nothing outside the stack's namespaces is touched but the volumes of its own claims. Refuses a namespace
    that Argo CD manages.
    """
    root = find_root([])
    with working("asking the cluster", quiet=options["quiet"]):
        going = look(root, overlay)
    if not going.namespaces and (keep_data or not going.left):
        click.echo(f"  nothing of {overlay} is in {safe(going.context)}")
        return 0
    print_going(going, keep_data)
    if dry_run:
        click.echo("  nothing was removed · next: the same without --dry-run")
        return 0
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("nobody is here to ask", hint="--yes answers for you")
        if not click.confirm("remove it?"):
            click.echo("  nothing was removed")
            return 1
    with Live(quiet=options["quiet"]) as live:
        try:
            down(root, going, partial(show, live), keep_data=keep_data, timeout=timeout)
        except KeyboardInterrupt:
            live.end()
            again = f"asky-gitops down --overlay {overlay}{' --keep-data' if keep_data else ''}"
            click.echo(f"interrupted: what is going goes, and `{again}` goes on with the rest", err=True)
            return 130
    if not options["quiet"]:
        click.echo(f"  next: asky-gitops up --overlay {overlay}")
    return 0


def show(live: Live, said: str, done: bool, seconds: float) -> None:
    """Show what is waited for in place, what is done for good."""
    if done:
        live.done(safe(said), f"{seconds:.1f} s")
    else:
        live.waiting(safe(said))


def print_going(going: Going, keep_data: bool) -> None:
    """Print what goes and what stays, before anything does."""
    click.echo(f"  in {safe(going.context)}")
    stays = "stay" if keep_data else "go"
    for name in going.namespaces:
        click.echo(f"  {'emptied' if keep_data else 'goes':<9}namespace {safe(name)}")
    for claim in going.claims:
        click.echo(f"  {stays + ('' if keep_data else 'es'):<9}data {safe(claim)}")
    for volume in () if keep_data else going.left:
        click.echo(f"  goes     volume {safe(volume)}, whose claim is gone already")
