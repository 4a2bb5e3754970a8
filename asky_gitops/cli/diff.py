"""`asky-gitops diff`: what changes in the cluster."""

import sys

import click

from asky_gitops.cli.options import some_overlays
from asky_gitops.cli.progress import working
from asky_gitops.cli.terminal import style_for
from asky_gitops.formats.difference import WRITERS
from asky_gitops.steps.build_places import find_root
from asky_gitops.steps.diff import diff


@click.command("diff", short_help="show what changes in the cluster, against a revision")
@some_overlays("Only this overlay; repeatable.")
@click.option("--since", metavar="REV", default="HEAD", show_default=True, help="Compare with this revision.")
@click.option("--format", "form", type=click.Choice(list(WRITERS)), default="text", show_default=True)
@click.option("--exit-code", is_flag=True, help="Exit 1 when anything changes.")
@click.pass_context
def command(ctx: click.Context, /, overlays: tuple[str, ...], since: str, form: str, exit_code: bool) -> None:
    """Compare what Argo CD would sync from the files here with what it would from REV, field by field.

    What is dangerous comes first: data that goes, a way that opens, a field that cannot change. Values that
    may be secrets are masked.
    """
    with working("rendering both", quiet=ctx.obj["quiet"]):
        difference = diff(find_root([]), overlays=overlays, since=since)
    click.echo(WRITERS[form](difference, style_for(ctx.color, sys.stdout.isatty())), nl=False)
    ctx.exit(int(exit_code and not difference.empty))
