"""`asky-gitops check`: print what is wrong with what Argo CD will sync."""

import os
import sys
from pathlib import Path
from typing import Any, get_args

import click

from asky_gitops.cli.options import further_policies, some_overlays, some_rules
from asky_gitops.cli.progress import working
from asky_gitops.cli.terminal import style_for
from asky_gitops.errors import ToolError
from asky_gitops.formats import FORMATS, Style
from asky_gitops.formats.text import problem_line, totals
from asky_gitops.model.finding import FailOn, Report
from asky_gitops.steps.build_places import SPEC, find_root, inside

PLACE = click.Path(path_type=Path)


@click.command("check")
@click.argument("paths", metavar="[PATH|-]...", nargs=-1)
@some_overlays("Judge this overlay; repeatable.")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="Default: text; in a job of GitHub Actions github.",
)
@click.option("--output", metavar="FILE", type=PLACE, help="Write the report there; nothing when it fails.")
@click.option("--fail-on", type=click.Choice(get_args(FailOn)), default="error", show_default=True)
@some_rules("Report this rule alone; repeatable.")
@click.option("--strict", is_flag=True, help="Fail on kinds without a schema and files not judged.")
@click.option("--crds", metavar="DIR", type=PLACE, multiple=True, help="Further CRDs; repeatable.")
@further_policies
@click.option("--kubernetes-version", metavar="MINOR", help="Validate for this version, such as 1.36.")
@click.option("--since", metavar="REV", help="Let count only what this revision does not have.")
@click.option(
    "--baseline", metavar="FILE", type=PLACE, help="Let count only what this JSON report does not hold."
)
@click.option(
    "--trust-from", metavar="REV", help="Take waivers, settings, policies, baseline from this revision."
)
@click.option("--opa-url", metavar="URL", help="Let this OPA server judge.")
@click.option("--opa-upload", is_flag=True, help="Upload the policies to it first: for a server of your own.")
@click.option("--staged", is_flag=True, help="Judge what is staged, and only what that reaches: for hooks.")
@click.option("--waive", is_flag=True, help="Print entries for waivers.yaml instead of the report.")
@click.option(
    "--bind", is_flag=True, help="With --waive: bound to the value by a digest, void when it changes."
)
@click.option("--no-waivers", is_flag=True, help="Report what waivers.yaml covers, too.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    form: str | None,
    output: Path | None,
    waive: bool,
    **options: Any,
) -> None:
    """Judge the stack's overlays, or the kustomizations and manifests in PATH; `-` is standard input."""
    if options["opa_upload"] and not options["opa_url"]:
        raise click.UsageError("--opa-upload needs --opa-url")
    if options["bind"] and not waive:
        raise click.UsageError("--bind needs --waive")
    if waive and form:
        raise click.UsageError("--waive prints entries for waivers.yaml: it has no --format")
    form = form or ("github" if os.environ.get("GITHUB_ACTIONS") == "true" and not output else "text")
    root = find_root(paths)
    if not paths and not options["overlays"] and not (root / SPEC).exists():
        paths = (".",)
    stdin = sys.stdin.buffer.read() if "-" in paths else None
    note = _note if ctx.obj["verbose"] else lambda _: None
    waivers = not options.pop("no_waivers")
    asked = [inside(root, path) for path in paths]
    wanted = {"paths": asked, "stdin": stdin, "note": note, "waivers": waivers, "maps": form == "html"}
    with working("judging", quiet=ctx.obj["quiet"] or ctx.obj["verbose"]):
        report = _checked(root, {**wanted, **options})
    style = style_for(ctx.color, to_terminal=output is None and sys.stdout.isatty())
    text = _proposed(root, report) if waive else FORMATS[form](report, style)
    if output is not None:
        _replace(output, text)
    elif not (ctx.obj["quiet"] and form == "text" and report.exit_code == 0):
        _print(text)
    if waive and not text:
        _note("there is nothing to waive")
    if output is not None or waive or form not in ("text", "github"):
        _summarise(report, with_totals=output is not None and not ctx.obj["quiet"])
    ctx.exit(report.exit_code)


def _checked(root: Path, options: dict[str, Any]) -> Report:
    compared = {name: options.pop(name) for name in ("since", "baseline", "trust_from")}
    if options.pop("staged"):
        if any(compared.values()):
            raise click.UsageError("--staged judges the index alone: no --since, --baseline, --trust-from")
        from asky_gitops.steps.check_staged import check_staged

        return check_staged(root, **options)
    if not any(compared.values()):
        from asky_gitops.steps.check import check

        return check(root, **options)
    from asky_gitops.steps.check_revision import check_against

    return check_against(root, **compared, **options)


def _proposed(root: Path, report: Report) -> str:
    from asky_gitops.steps.waive import proposed

    return proposed(root, report)


def _note(text: str) -> None:
    click.echo(text, err=True)


def _print(text: str) -> None:
    """Print on a terminal or into a pipe of any encoding: what it cannot show is written out."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
    sys.stdout.buffer.flush()


def _summarise(report: Report, with_totals: bool) -> None:
    """Say on standard error how it went, when the report itself goes to a program or a file."""
    style = Style()
    for line in dict.fromkeys(problem_line(problem, style) for problem in report.problems):
        click.echo(line, err=True)
    if with_totals:
        click.echo(totals(report, style), err=True)


def _replace(output: Path, text: str) -> None:
    """Write a file whole or not at all."""
    import tempfile

    if output.is_dir():
        raise ToolError("cannot write it: it is a folder", where=str(output))
    temporary = None
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=output.parent, delete=False) as file:
            temporary = file.name
            file.write(text)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, output)
    except OSError as error:
        raise ToolError(f"cannot write it: {error.strerror}", where=str(output)) from None
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
