"""`asky-gitops graph`: a picture of who may talk to whom."""

import click

from asky_gitops.cli.options import some_overlays
from asky_gitops.cli.progress import working
from asky_gitops.formats.maps import WRITERS
from asky_gitops.steps.build_places import find_root
from asky_gitops.steps.graph import graph


@click.command("graph", short_help="draw who may talk to whom, and what the internet reaches")
@some_overlays("Only this overlay; repeatable.")
@click.option("--format", "form", type=click.Choice(list(WRITERS)), default="mermaid", show_default=True)
@click.pass_obj
def command(options: dict[str, bool], overlays: tuple[str, ...], form: str) -> None:
    """Draw services, database and the connections that NetworkPolicies of both sides allow together.

    A thick or red arrow is a way from the internet, a dashed one is open to any pod of the cluster.
    """
    with working("rendering", quiet=options["quiet"]):
        maps = graph(find_root([]), overlays=overlays)
    if form == "svg" and len(maps) > 1:
        raise click.UsageError(f"an SVG shows one of them: --overlay {' or --overlay '.join(maps)}")
    click.echo(WRITERS[form](maps), nl=False)
