"""`asky-gitops build`: print what Argo CD will sync."""

import sys

import click

from asky_gitops.cli.options import some_overlays
from asky_gitops.cli.progress import working
from asky_gitops.steps.build import build
from asky_gitops.steps.build_places import find_root, inside


@click.command("build")
@click.argument("path", required=False)
@some_overlays("Build this overlay; repeatable.")
@click.pass_obj
def command(options: dict[str, bool], path: str | None, overlays: tuple[str, ...]) -> None:
    """Print what `kustomize build` prints for PATH, for an overlay, or for all of them.

    The output is what the cluster gets, secrets of a foreign repository included.
    """
    if path and overlays:
        raise click.UsageError("give PATH or --overlay, not both")
    root = find_root([path] if path else [])
    with working("rendering", quiet=options["quiet"]):
        rendered = build(root, path=inside(root, path) if path else None, overlays=overlays)
    sys.stdout.buffer.write(rendered.encode())
    sys.stdout.buffer.flush()
