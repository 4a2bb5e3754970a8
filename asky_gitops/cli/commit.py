"""`asky-gitops commit`: what was committed, or what speaks against it."""

import click

from asky_gitops.cli.generate import print_stop
from asky_gitops.cli.options import amended_migrations
from asky_gitops.cli.progress import working
from asky_gitops.formats import FORMATS, Style
from asky_gitops.formats.style import safe
from asky_gitops.steps.build_places import find_root
from asky_gitops.steps.commit import COMMITTING, CommitResult, HookRefused, NotClean, commit
from asky_gitops.steps.generate import HandEdited


@click.command("commit")
@click.option("-m", "--message", metavar="TEXT", help="The commit message.")
@click.option("--push", is_flag=True, help="Push the branch to its upstream.")
@amended_migrations
@click.pass_obj
def command(options: dict[str, bool], message: str | None, push: bool, amended: tuple[int, ...]) -> int:
    """Commit exactly the stack's own files, when they are fresh and the check is clean.

    Other staged files stay staged and out of the commit. Hooks and signatures are git's own.
    """
    if message is not None and not message.strip():
        raise click.BadParameter("the message is empty", param_hint="-m")
    root = find_root([])
    try:
        result = commit(
            root,
            message=message,
            push=push,
            amended=amended,
            # A passphrase may be asked for while git signs.
            waiting=lambda what: working(what, quiet=options["quiet"], ticking=what != COMMITTING),
        )
    except HandEdited as stop:
        print_stop(root, stop, "nothing was committed")
        return stop.exit_code
    except NotClean as stop:
        click.echo(FORMATS["text"](stop.report, Style()), nl=False, err=True)
        click.echo(stop.message, err=True)
        return stop.exit_code
    except HookRefused as stop:
        print_lines(stop.words)
        raise
    if not options["quiet"]:
        print_result(result)
    return 0


def print_result(result: CommitResult) -> None:
    """Print a line for each thing that was done."""
    plural = "" if result.overlays == 1 else "s"
    click.echo("  generated   fresh")
    click.echo(f"  checked     {result.overlays} overlay{plural} clean")
    files = f"{result.files} file{'' if result.files == 1 else 's'}"
    did = f"{result.commit[:7]}  {files}" if result.commit else "nothing to commit"
    click.echo(f"  committed   {did}{staying(result.left_staged)}")
    if result.pushed:
        sync = f"   Argo CD will sync: {', '.join(result.applications)}" if result.applications else ""
        click.echo(f"  pushed      {safe(result.pushed)}{sync}")


def staying(staged: int) -> str:
    """Say that the user's own staged files were left alone."""
    if not staged:
        return ""
    return f"  (your {staged} staged file{' stays' if staged == 1 else 's stay'} staged)"


def print_lines(words: str) -> None:
    """Print what a hook said, set in, with nothing that drives a terminal."""
    for line in words.splitlines():
        click.echo(f"    {safe(line)}", err=True)
