"""`asky-gitops set`: the lines of asky.yaml that changed, and what does not follow them."""

import click

from asky_gitops.formats.style import safe
from asky_gitops.steps.build_places import find_root
from asky_gitops.steps.set import SetResult, set_values


@click.command("set")
@click.argument("assignments", metavar="KEY=VALUE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Write nothing; print what would change.")
@click.pass_obj
def command(options: dict[str, bool], assignments: tuple[str, ...], dry_run: bool) -> None:
    """Set values of asky.yaml, every other byte as it is; refuse what `generate` would refuse.

    A key that is new is made, a whole service too. VALUE is YAML: 3, true, null, [a, b], {min: 2}. A dot
    inside a key is written with a backslash before it.
    """
    result = set_values(find_root([]), assignments, dry_run=dry_run)
    if not options["quiet"]:
        print_result(result, dry_run)


def print_result(result: SetResult, dry_run: bool) -> None:
    """Print the changed lines, what is stronger in an overlay, and what to do next."""
    if not result.diff:
        click.echo("  asky.yaml   says so already")
    else:
        click.echo("  asky.yaml")
    for line in result.diff:
        click.echo("    " + click.style(safe(line), fg="red" if line.startswith("-") else "green"))
    for one in result.stronger:
        click.echo(f"  {safe(one.overlay)} does not follow: {safe(one.where)} {safe(one.said)}")
    if dry_run:
        click.echo("  nothing was written · next: the same without --dry-run")
    else:
        click.echo("  next: asky-gitops generate · asky-gitops check")
