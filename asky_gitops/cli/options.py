"""Options that several verbs have, each said once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from asky_gitops.cli import completion

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

further_policies = click.option(
    "--policies",
    metavar="DIR",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Further policies; repeatable.",
)
amended_migrations = click.option(
    "--amend-migration",
    "amended",
    multiple=True,
    type=int,
    metavar="N",
    help="Let this migration change: it was never applied.",
)


def one_overlay(help: str, *, required: bool = False) -> Decorator:
    """Return the option that names one overlay, completed by those that are here."""
    return click.option(
        "--overlay", shell_complete=completion.overlays, metavar="NAME", required=required, help=help
    )


def some_overlays(help: str) -> Decorator:
    """Return the option that names an overlay and may be repeated."""
    return click.option(
        "--overlay",
        "overlays",
        shell_complete=completion.overlays,
        metavar="NAME",
        multiple=True,
        help=help,
    )


def some_rules(help: str) -> Decorator:
    """Return the option that names a rule and may be repeated."""
    return click.option(
        "--rule", "rules", shell_complete=completion.rules, metavar="ID", multiple=True, help=help
    )
