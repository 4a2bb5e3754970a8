"""The documentation is held to the truth: transcripts are run, links followed, verbs and flags looked up."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from asky_gitops.cli.examples import EXAMPLES
from asky_gitops.cli.main import VERBS, cli
from tests.conftest import ROOT, git
from tools import tables
from tools.cli_page import PAGE, written

PAGES = sorted(
    ROOT / name
    for name in git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "*.md").split()
)
TRANSCRIPT = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<target>[^)\s]+)\)")
MARK = "asky-gitops-test-mark"


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def transcripts(page: Path) -> list[str]:
    return TRANSCRIPT.findall(page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """Return the anchors GitHub makes of a page's headings."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def typed(block: str) -> list[tuple[str, str]]:
    """Split a transcript into (command, what it printed); `> ` continues a command."""
    pieces = re.split(r"^\$ (.*\n(?:> .*\n)*)", block, flags=re.MULTILINE)
    assert pieces[0] == "", f"a transcript starts with a command: {pieces[0]!r}"
    commands = [piece.replace("\n> ", "\n").rstrip("\n") for piece in pieces[1::2]]
    return list(zip(commands, pieces[2::2], strict=True))


def environment() -> dict[str, str]:
    """Return an environment in which `asky-gitops` is this checkout's."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def play(commands: list[str], folder: Path) -> list[str]:
    """Run commands in one shell, as a reader would type them, and return what each printed."""
    script = "".join(
        f"{command}\n{{ s=$?; printf '{MARK}'; (exit $s); }} 2>/dev/null\n" for command in commands
    )
    shell = ["bash", "--noprofile", "--norc", "-c", script]
    done = subprocess.run(
        shell,
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout.decode().split(MARK)[:-1]


def same(shown: str, printed: str) -> bool:
    """Compare a transcript with what was printed; `…` stands for any lines; times, commits, rules vary."""
    vary = [(r"\d+\.\d+ s\b", "0.00 s"), (r"\b[0-9a-f]{7}\b", "0000000"), (r"\b\d+ rules\b", "0 rules")]
    for pattern, constant in vary:
        shown, printed = re.sub(pattern, constant, shown), re.sub(pattern, constant, printed)
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…\n" else re.escape(line) for line in shown.splitlines(keepends=True)
    )
    return re.fullmatch(pattern, printed) is not None


@pytest.mark.parametrize("page", [page for page in PAGES if transcripts(page)], ids=relative)
def test_every_transcript_is_what_the_commands_print(page: Path, repo: Path) -> None:
    steps = [step for block in transcripts(page) for step in typed(block)]
    printed = play([command for command, _ in steps], repo)
    for (command, shown), got in zip(steps, printed, strict=True):
        assert same(shown, got), f"{relative(page)}: $ {command}\nshown:\n{shown}\nprinted:\n{got}"


def test_every_command_of_ours_that_a_page_names_exists() -> None:
    context = click.Context(cli)
    wrong = []
    for page in PAGES:
        text = page.read_text("utf-8")
        for verb, rest in re.findall(r"(?:^|[`$] |`|&& )asky-gitops ([a-z]+)([^`\n#|]*)", text, re.MULTILINE):
            command = cli.get_command(context, verb)
            known = {name for parameter in command.params for name in parameter.opts} if command else set()
            wrong += [
                f"{relative(page)}: {verb} {flag}"
                for flag in re.findall(r"(?<![\w/])--?[a-z-]+\b", rest)
                if flag not in known
            ]
            wrong += [] if command else [f"{relative(page)}: {verb}"]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(page.read_text("utf-8")):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def test_the_table_of_verbs_is_the_one_the_program_has() -> None:
    assert PAGE.read_text("utf-8") == written(PAGE.read_text("utf-8")), "run make docs"


@pytest.mark.parametrize("name", tables.PAGES)
def test_the_generated_pages_are_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == tables.PAGES[name](), "run make docs"


def test_every_verb_has_examples_and_help_shows_them() -> None:
    assert set(EXAMPLES) == set(VERBS)
    context = click.Context(cli, info_name="asky-gitops")
    for verb, lines in EXAMPLES.items():
        command = cli.get_command(context, verb)
        assert command is not None
        shown = command.get_help(click.Context(command, info_name=verb))
        assert all(line in shown for line in lines), verb


def test_the_readme_names_every_verb() -> None:
    named = set(re.findall(r"`asky-gitops (\w+)", (ROOT / "README.md").read_text("utf-8")))
    assert set(VERBS) - named == set()


def test_the_readme_shows_the_exit_statuses_the_program_has() -> None:
    rows = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "cli.md").read_text("utf-8"), re.MULTILINE)
    assert rows == ["0", "1", "2", "3", "130"]
    assert re.findall(r"^\| (\d+) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE) == rows


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`make ([a-z0-9-]+)", page.read_text("utf-8"))}
    assert named - targets == set()
