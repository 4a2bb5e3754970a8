"""`asky-gitops schema`: print a JSON Schema."""

import json

import click

from asky_gitops.steps.schema import Subject, schema


@click.command("schema", short_help="print the JSON Schema of asky.yaml, waivers.yaml or the report")
@click.argument("subject", type=click.Choice(["spec", "report", "waivers"]))
def command(subject: Subject) -> None:
    """Print the JSON Schema (2020-12) of asky.yaml, of waivers.yaml or of what `check --format json` prints.

    An editor takes it from the first line of asky.yaml; `schema spec > asky.schema.json` renews that file.
    """
    click.echo(json.dumps(schema(subject), indent=2, ensure_ascii=False))
