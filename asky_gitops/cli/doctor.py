"""`asky-gitops doctor`: what is here, what the overlay's cluster lacks, and the remedies."""

import sys

import click

from asky_gitops.cli.options import one_overlay
from asky_gitops.cli.progress import working
from asky_gitops.formats.style import safe
from asky_gitops.steps.build_places import find_root
from asky_gitops.steps.doctor import Answer, Diagnosis, State, doctor

MARKS = {
    State.FINE: ("✓", "green"),
    State.MISSING: ("✗", "red"),
    State.UNKNOWN: ("?", "yellow"),
    State.NOTE: ("·", "blue"),
}
"""What stands before a line, on a terminal."""


@click.command("doctor")
@one_overlay("Ask the cluster of kubectl's context for what this one needs.")
@click.pass_obj
def command(options: dict[str, bool], overlay: str | None) -> int:
    """Look at the tools here, and at what an overlay needs of its cluster; name each remedy.

    The exit status is 1 when something is missing or cannot be told, 3 when no cluster answers.
    """
    with working("asking the cluster" if overlay else "asking the tools", quiet=options["quiet"]):
        found = doctor(find_root([]), overlay)
    if not options["quiet"] or found.exit_code:
        print_diagnosis(found)
    if found.error is not None:
        raise found.error
    if overlay is None and not options["quiet"]:
        click.echo("next: asky-gitops doctor --overlay NAME")
    elif not found.exit_code and not options["quiet"]:
        click.echo(f"next: asky-gitops up --overlay {overlay}")
    return found.exit_code


def print_diagnosis(found: Diagnosis) -> None:
    """Print each part under its heading, and how a cluster is started where none answers."""
    for heading, answers in found.parts:
        click.echo(safe(heading))
        width = max(len(answer.what) for answer in answers) + 2
        for answer, after in zip(answers, (*answers[1:], None), strict=True):
            print_answer(answer, width, last=after is None or after.remedy != answer.remedy)
    if found.error is not None and found.remedy:
        click.echo(f"to start one: {safe(found.remedy)}")


def print_answer(answer: Answer, width: int, last: bool) -> None:
    """Print one answer, and below the last of those that one remedy is for what to do about them."""
    mark, color = MARKS[answer.state]
    lead = f"  {click.style(mark, fg=color)} " if sys.stdout.isatty() else "  "
    word = {State.MISSING: "missing: ", State.UNKNOWN: "could not tell: "}.get(answer.state, "")
    click.echo(f"{lead}{safe(answer.what):<{width}}{word}{safe(answer.said)}")
    if answer.remedy and last:
        click.echo(f"    remedy: {safe(answer.remedy)}")
