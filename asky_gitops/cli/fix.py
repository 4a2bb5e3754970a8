"""`asky-gitops fix`: mend what can be mended mechanically."""

import click

from asky_gitops.cli.options import some_rules
from asky_gitops.cli.progress import working
from asky_gitops.formats.style import Style, safe
from asky_gitops.formats.text import problem_line, totals
from asky_gitops.steps.build_places import SPEC, find_root, inside
from asky_gitops.steps.fix import FixResult, fix


@click.command("fix", short_help="mend what can be mended mechanically, in the file to edit")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@some_rules("Mend this rule's findings alone; repeatable.")
@click.option("--diff", "only_diff", is_flag=True, help="Write nothing; print what would change.")
@click.option("--unsafe", is_flag=True, help="Mend also what may stop something from working.")
@click.pass_obj
def command(
    options: dict[str, bool], paths: tuple[str, ...], rules: tuple[str, ...], only_diff: bool, unsafe: bool
) -> int:
    """Write the one field that is wrong, and leave every other byte as it is.

    A generated file is mended by a setting of asky.yaml where one does it, else by a patch in the overlay's
    custom/. What does not make its finding go is taken back. Exit 1 when findings are left.
    """
    root = find_root(paths)
    if not paths and not (root / SPEC).exists():
        paths = (".",)
    asked = [inside(root, path) for path in paths]
    with working("judging", quiet=options["quiet"]):
        result = fix(root, paths=asked, rules=rules, unsafe=unsafe, write=not only_diff)
    if only_diff:
        click.echo("".join(f"{safe(line)}\n" for line in result.diff()), nl=False)
    elif not options["quiet"]:
        print_result(result, unsafe)
    for line in dict.fromkeys(problem_line(problem, Style()) for problem in result.left.problems):
        click.echo(line, err=True)
    return max(int(bool(result.left.counting)), result.left.exit_code)


def print_result(result: FixResult, unsafe: bool) -> None:
    """Print a line for each finding that is gone and each file that was written, and what is left."""
    for finding in result.fixed:
        at = finding.location
        where = f"{at.file}:{at.line}" if at else ""
        click.echo(f"  fixed   {safe(finding.rule)}  {safe(where)}  {safe(str(finding.resource or ''))}")
    for path, _, _ in result.changes:
        click.echo(f"  wrote   {safe(path)}")
    click.echo(f"  left    {totals(result.left, Style())}")
    if not unsafe and (more := sum(finding.fixable for finding in result.left.counting)):
        click.echo(f"  unsafe  may mend {more} of them: asky-gitops fix --unsafe --diff")
