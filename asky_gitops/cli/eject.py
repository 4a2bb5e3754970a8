"""`asky-gitops eject`: generated files that are the user's from now on."""

import shlex

import click

from asky_gitops.formats.style import safe
from asky_gitops.steps.build_places import find_root, inside
from asky_gitops.steps.eject import eject


@click.command("eject")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would become yours.")
@click.pass_obj
def command(options: dict[str, bool], files: tuple[str, ...], dry_run: bool) -> None:
    """Make generated files yours, hand edits kept: `generate` leaves them alone from then on.

    `generate --overwrite FILE` gives one back.
    """
    root = find_root([])
    paths = [inside(root, file) for file in files]
    done = eject(root, paths, dry_run=dry_run)
    if options["quiet"]:
        return
    for path in dict.fromkeys(paths):
        says = ("would be yours" if dry_run else "yours from now on") if path in done else "was yours already"
        click.echo(f"  {says:<18} {safe(path)}")
    if dry_run:
        click.echo("  nothing was written · next: the same without --dry-run")
    else:
        back = " ".join(f"--overwrite {shlex.quote(path)}" for path in dict.fromkeys(paths))
        click.echo(f"  next: edit it · to give it back: asky-gitops generate {safe(back)}")
