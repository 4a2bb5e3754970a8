"""`asky-gitops trace`: which line sets a field."""

import sys

import click

from asky_gitops.cli.terminal import style_for
from asky_gitops.formats.traced import write
from asky_gitops.steps.build import find_root
from asky_gitops.steps.trace import trace


@click.command("trace")
@click.argument("name", metavar="KIND/NAME")
@click.argument("field")
@click.option(
    "--overlay", "overlays", metavar="NAME", multiple=True, help="Look in this overlay; repeatable."
)
@click.pass_context
def command(ctx: click.Context, name: str, field: str, overlays: tuple[str, ...]) -> None:
    """Print which lines set FIELD of an object, the one that decides first.

    FIELD is written `spec.template.spec.containers[auth].image`; a key with dots may be quoted:
    `metadata.annotations["argocd.argoproj.io/sync-wave"]`. Secret values are hidden.
    """
    click.echo(
        write(trace(find_root([]), name, field, overlays), style_for(ctx.color, sys.stdout.isatty())),
        nl=False,
    )
