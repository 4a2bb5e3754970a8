"""`asky-gitops upgrade`: which pins move, and what restarts for it."""

import click

from asky_gitops.errors import InputError
from asky_gitops.formats.style import safe
from asky_gitops.steps.build_places import find_root
from asky_gitops.steps.upgrade import Upgrade, upgrade


@click.command("upgrade")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--set", "settings", multiple=True, metavar="NAME=PIN", help="Set this pin to one of your own.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print what would move.")
@click.pass_obj
def command(
    options: dict[str, bool], names: tuple[str, ...], settings: tuple[str, ...], dry_run: bool
) -> int:
    """Move the pins of asky.lock (images, charts, tools) to those that this asky-gitops was tried with.

    Without NAME, all of them; a pin from a mirror and a newer one stay. Nothing is fetched, and nothing else
    ever moves a pin. A name is `images.dbmate` or, where one part alone has it, `dbmate`. With --set alone no
    other pin moves. The tree follows with `asky-gitops generate`.
    """
    chosen = {}
    for setting in settings:
        name, equals, pin = setting.partition("=")
        if not (name and equals and pin):
            raise InputError(
                f"--set {setting}: not NAME=PIN", hint="such as --set charts.cert-manager=v1.21.2"
            )
        chosen[name] = pin
    result = upgrade(find_root([]), only=names, chosen=chosen, dry_run=dry_run)
    if not options["quiet"]:
        print_result(result)
    return 0


def print_result(result: Upgrade) -> None:
    """Print the difference, what stays and why, and what restarts."""
    for move in result.moves:
        click.echo(f"  {move.name}")
        if move.before:
            click.echo(f"    - {safe(move.before)}")
        click.echo(f"    + {safe(move.after)}")
    for kept in result.kept:
        click.echo(f"  stays       {kept.name}  {safe(kept.pin)}: {safe(kept.reason)}")
    if not result.moves:
        click.echo("  no pin moves")
        return
    for where, said in result.restarts.items():
        for what in said:
            click.echo(f"  restarts    {safe(where):<14}  {safe(what)}")
    count = f"{len(result.moves)} pin{'' if len(result.moves) == 1 else 's'}"
    click.echo(f"  {'moved' if result.written else 'would move':<12}{count}")
    if result.written:
        click.echo("  next: asky-gitops generate · asky-gitops check")
