"""`asky-gitops trace`: which line sets a field."""

import sys

import click

from asky_gitops.cli.options import some_overlays
from asky_gitops.cli.progress import working
from asky_gitops.cli.terminal import style_for
from asky_gitops.formats.traced import write
from asky_gitops.steps.build_places import find_root
from asky_gitops.steps.trace import trace


@click.command("trace")
@click.argument("name", metavar="KIND/NAME")
@click.argument("field")
@some_overlays("Look in this overlay; repeatable.")
@click.pass_context
def command(ctx: click.Context, name: str, field: str, overlays: tuple[str, ...]) -> None:
    """Print which lines set FIELD of an object, the one that decides first.

    FIELD is written `spec.template.spec.containers[auth].image`; a key with dots may be quoted:
    `metadata.annotations["argocd.argoproj.io/sync-wave"]`. Secret values are hidden.
    """
    with working("rendering", quiet=ctx.obj["quiet"]):
        found = trace(find_root([]), name, field, overlays)
    click.echo(write(found, style_for(ctx.color, sys.stdout.isatty())), nl=False)
