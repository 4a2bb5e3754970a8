"""`asky-gitops import`: what became of each object, and what was written."""

import sys
from pathlib import Path

import click

from asky_gitops.cli.progress import working
from asky_gitops.formats.style import safe
from asky_gitops.steps.adopt import Imported, import_manifests

COLORS = {"taken": "green", "changed": "yellow", "left over": "red"}
PLACE = click.Path(path_type=Path)


@click.command("import")
@click.argument("path", metavar="PATH|-", type=PLACE)
@click.option(
    "--into", metavar="FILE", type=PLACE, default="asky.yaml", show_default=True, help="The spec to write."
)
@click.option("--dry-run", is_flag=True, help="Write nothing; report what would become of each object.")
@click.pass_obj
def command(options: dict[str, bool], path: Path, into: Path, dry_run: bool) -> None:
    """Write asky.yaml, sql/ and overlays/<name>/custom/ from the manifests at PATH.

    PATH is a file, a folder of manifests, a kustomization, or - for standard input. Each object is
    reported: taken, changed and why, or left over. A secret's value is never read into anything; its name
    is, with where the value belongs.
    """
    with working("reading", quiet=options["quiet"]):
        stdin = sys.stdin.buffer.read() if path == Path("-") else None
        done = import_manifests(path, into, dry_run=dry_run, stdin=stdin)
    if options["quiet"]:
        return
    print_notes(done)
    if dry_run:
        click.echo("  nothing was written · next: the same without --dry-run")
        return
    click.echo(f"  wrote      {', '.join(done.paths[:4])}{' …' if len(done.paths) > 4 else ''}")
    for where, text in done.open_answers:
        click.echo(f"  fill in    {where}  {text}")
    folder = f"cd {into.parent} · " if into.parent != Path(".") else ""
    click.echo(
        f"  next: {folder}edit source.repoURL in {into.name} · asky-gitops generate · asky-gitops check"
    )


def print_notes(done: Imported) -> None:
    """Print a line for each thing that was found, and where the secrets' values belong."""
    width = min(max((len(note.what) for note in done.notes), default=0), 40)
    for note in done.notes:
        verdict = click.style(f"{note.verdict:<11}", fg=COLORS[note.verdict])
        click.echo(f"  {verdict}{safe(note.what):<{width}}  {safe(note.said)}  ({safe(note.where)})")
    for service, variable, place, home in done.secrets:
        words = f"{variable} of {service}: its value (in {place}) belongs in {home}"
        click.echo(f"  secret     {safe(words)}")
