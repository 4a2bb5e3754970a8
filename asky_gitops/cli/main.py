"""The entry point: global options, lazy verbs, exit statuses, Ctrl-C, crash text."""

import importlib
import io
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import click

from asky_gitops.cli.examples import EXAMPLES
from asky_gitops.errors import AskyError, Many

VERBS = {
    "init": "write a commented asky.yaml and Asky's SQL to start from",
    "generate": "write base/, overlays/, sql/ and argocd/ from asky.yaml",
    "import": "write asky.yaml from manifests that are there already",
    "set": "change values of asky.yaml, every other byte of it as it is",
    "eject": "make a generated file yours: generate leaves it alone",
    "build": "print what Argo CD will sync for an overlay",
    "check": "judge what will be synced, and the files it comes from",
    "trace": "print which lines set a field of an object",
    "commit": "commit exactly the generated files, when fresh and clean",
    "upgrade": "move the pins of asky.lock, and say what restarts",
    "fix": "mend what can be mended mechanically, in the file to edit",
    "diff": "show what changes in the cluster, against a revision",
    "graph": "draw who may talk to whom, and what the internet reaches",
    "rules": "list what is checked",
    "explain": "tell why a rule is one, and what to write instead",
    "up": "bring an overlay into the cluster of kubectl's context, wave by wave",
    "down": "take an overlay out of that cluster again",
    "doctor": "look at the tools here and at what an overlay needs of its cluster",
    "schema": "print the JSON Schema of asky.yaml, waivers.yaml or the report",
}
"""Verb to its help line; `cli/<verb>.py` holds the command as `command`, imported when it is used."""


class Verbs(click.Group):
    """A group that imports a verb's module only when that verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of a working day."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one verb, with what people type at the end of its help."""
        if cmd_name not in VERBS:
            return None
        command = importlib.import_module(f"asky_gitops.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        lines = "".join(f"  {line}\n" for line in EXAMPLES.get(cmd_name, ()))
        command.epilog = f"\b\nExamples:\n{lines}" if lines else None
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


def print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Print the versions of everything that takes part in a verdict."""
    if wanted:
        from asky_gitops.steps.version import versions

        for name, version in versions().items():
            click.echo(f"{name} {version}")
        ctx.exit()


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-C", "directory", metavar="DIR", help="Run as if started in DIR.")
@click.option("-q", "--quiet", is_flag=True, help="Print results only.")
@click.option("-v", "--verbose", is_flag=True, help="Print what is done and how long it took.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour the report.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_version,
    help="Print the versions of all that takes part in a verdict.",
)
@click.pass_context
def cli(ctx: click.Context, directory: str | None, quiet: bool, verbose: bool, color: str) -> None:
    """Write, judge and commit a GitOps repository from one spec."""
    if directory:
        try:
            os.chdir(directory)
        except OSError as error:
            raise click.BadParameter(f"{directory}: {error.strerror}", param_hint="-C") from None
    ctx.color = {"auto": None, "always": True, "never": False}[color]
    ctx.obj = {"quiet": quiet, "verbose": verbose}


def print_error(error: AskyError) -> None:
    """Print an error as `error: where: message` with its hint, on standard error.

    File names and other programs' words are a stranger's: nothing in them drives the terminal.
    """
    from asky_gitops.formats.style import safe

    def shown(text: str) -> str:
        return "\n".join(safe(line.expandtabs(4)) for line in text.split("\n"))

    for one in error.errors if isinstance(error, Many) else [error]:
        where = f"{one.where}: " if one.where else ""
        message = shown(f"{where}{one.message}")
        click.echo(f"{click.style('error:', fg='red', bold=True)} {message}", err=True)
        if one.hint:
            click.echo(f"{click.style('hint:', bold=True)} {shown(one.hint)}", err=True)
    if isinstance(error, Many) and error.closing:
        click.echo(error.closing, err=True)


def terminate(_number: int, _frame: object) -> NoReturn:
    """Turn a signal that ends us into the same clean exit as Ctrl-C."""
    raise KeyboardInterrupt


def hear_signals() -> None:
    """Listen to SIGTERM, and to a terminal that is closed unless somebody (nohup) had that ignored."""
    signal.signal(signal.SIGTERM, terminate)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, terminate)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status: 0, 1, 2, 3 or 130 (docs/cli.md)."""
    hear_signals()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What a terminal's encoding does not have is written out, not a crash.
            stream.reconfigure(errors="backslashreplace")
    try:
        result = cli.main(args=arguments, prog_name="asky-gitops", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except AskyError as error:
        print_error(error)
        return error.exit_code
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return 130
    except BrokenPipeError:
        # The reader went away (`| head`): what it read was right, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        print_crash(error)
        return 3


def print_crash(error: Exception) -> None:
    """Print what a maintainer needs of a bug of ours: the way through our code, no value of the user's."""
    import platform
    import traceback

    from asky_gitops import __version__

    package = Path(__file__).resolve().parent.parent
    steps = [
        f"  {Path(frame.filename).resolve().relative_to(package)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).resolve().is_relative_to(package)
    ]
    click.echo(f"error: a bug in asky-gitops: {type(error).__name__}", err=True)
    click.echo("\n".join(steps), err=True)
    versions = f"asky-gitops {__version__}, Python {platform.python_version()}, {platform.platform()}"
    click.echo(f"  {versions}", err=True)
    click.echo("hint: please report the lines above; they hold no value of yours", err=True)
