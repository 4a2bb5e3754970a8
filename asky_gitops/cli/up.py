"""`asky-gitops up`: each wave as it becomes ready, or what stopped it and why."""

import click

from asky_gitops.cli.generate import print_stop
from asky_gitops.cli.options import one_overlay
from asky_gitops.cli.progress import Live
from asky_gitops.formats.style import safe
from asky_gitops.steps.build_places import find_root
from asky_gitops.steps.generate import HandEdited
from asky_gitops.steps.up import NotReady, Progress, up

WIDTH = 12
"""Columns of a wave's name."""


@click.command("up")
@one_overlay("The overlay to bring up.", required=True)
@click.option("--timeout", metavar="SECONDS", type=click.IntRange(1), default=300, show_default=True,
              help="How long one wave may take.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Change nothing; print the waves.")
@click.pass_obj
def command(options: dict[str, bool], overlay: str, timeout: int, dry_run: bool) -> int:
    """Bring an overlay into the cluster of kubectl's context, in Argo CD's order, each wave ready first.

    Stops at the first wave that does not become ready, with the pod's own reason; what is ready stays and
    the next run goes on from there. Refuses a namespace that Argo CD manages.
    """
    root = find_root([])
    with Live(quiet=options["quiet"]) as live:
        try:
            live.waiting("asking the cluster")
            result = up(root, overlay, lambda one: show(live, one), timeout=timeout, dry_run=dry_run)
        except HandEdited as stop:
            print_stop(root, stop, "nothing was applied")
            return stop.exit_code
        except NotReady as stop:
            live.end()
            print_not_ready(stop, overlay)
            return stop.exit_code
        except KeyboardInterrupt:
            live.end()
            again = f"asky-gitops up --overlay {overlay}"
            click.echo(f"interrupted: what is there stays, and `{again}` goes on from it", err=True)
            return 130
    if options["quiet"]:
        return 0
    if dry_run:
        click.echo("  nothing was applied · next: the same without --dry-run")
        return 0
    hosts = f"   hosts: {', '.join(map(safe, result.hosts))}" if result.hosts else ""
    click.echo(f"  up in {safe(result.context)}{hosts}")
    click.echo(
        f"  next: kubectl --namespace {result.namespace} get pods · asky-gitops down --overlay {overlay}"
    )
    return 0


def show(live: Live, progress: Progress) -> None:
    """Show a wave that is waited for in place, one that is ready for good."""
    line = f"{safe(progress.step):<{WIDTH}}{safe(progress.said)}"
    if progress.state == "waiting":
        live.waiting(line)
    else:
        live.done(line, f"{progress.seconds:.1f} s" if progress.seconds else "")


def print_not_ready(stop: NotReady, overlay: str) -> None:
    """Print what is not ready, why, and how to go on."""
    click.echo(f"{click.style('stopped', fg='red', bold=True)} {safe(stop.message)}", err=True)
    for number, line in enumerate(stop.why):
        click.echo(f"  {'why   ' if number == 0 else '      '}{safe(line)}", err=True)
    again = f"asky-gitops up --overlay {overlay}"
    click.echo(f"  next  cure it, then `{again}` again (what is ready stays)", err=True)
