"""`asky-gitops init`: the files to start from."""

import shlex
from pathlib import Path

import click

from asky_gitops.steps.init import init


@click.command("init", short_help="write a commented asky.yaml and Asky's SQL to start from")
@click.argument("directory", default=".", type=click.Path(file_okay=False, path_type=Path), metavar="[DIR]")
@click.option("--platform", type=click.Choice(["minikube", "eks"]), default="minikube", show_default=True)
@click.option("--repo-url", metavar="URL", help="This repository as Argo CD reaches it.")
@click.option("--cluster", metavar="NAME", help="Argo CD's name of the EKS cluster.")
@click.option("--region", metavar="REGION", help="AWS region of the cluster.")
@click.option("--account", metavar="NUMBER", help="AWS account, twelve digits.")
@click.option(
    "--alb-cidr", "alb_cidrs", multiple=True, metavar="CIDR", help="Network of a load balancer's subnet."
)
@click.option("--certificate-arn", metavar="ARN", help="Certificate of the load balancer.")
@click.option("--bucket", metavar="URL", help="Where the database's backups go, such as s3://acme-asky.")
@click.pass_obj
def command(
    options: dict[str, bool], /, directory: Path, platform: str, **answers: str | tuple[str, ...] | None
) -> None:
    """Write asky.yaml, asky.lock, asky.schema.json and sql/ into DIR; refuse when one of them is there.

    eks adds an overlay for Amazon EKS beside minikube's. What only you know is taken from the options; where
    one is missing, a REPLACE-… stands in asky.yaml, which `asky-gitops commit` refuses.
    """
    given = {
        name: list(value) if isinstance(value, tuple) else value for name, value in answers.items() if value
    }
    written = init(directory, platform, given)
    if options["quiet"]:
        return
    for path in written.paths:
        click.echo(f"  wrote      {path}")
    for where, text in written.open_answers:
        click.echo(f"  fill in    {where}  {text}")
    steps = [f"cd {shlex.quote(str(directory))}"] if directory != Path(".") else []
    steps += ["edit asky.yaml", *([] if written.in_git else ["git init"]), "asky-gitops generate"]
    click.echo(f"  next: {' · '.join(steps)}")
