"""Options that several verbs have, each said once."""

from pathlib import Path

import click

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
