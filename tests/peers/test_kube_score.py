"""What kube-score finds at its defaults is what docs/peers.md names, and no more.

It looks at the worked example, and at stacks that say all that can be said of services and of the database.
"""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.steps.generate import load
from tests.conftest import ROOT
from tests.e2e import specs
from tests.tree.conftest import write

PARTS = ("", "/platform")
ROW = re.compile(r"\| `([a-z-]+)` \| ([A-Za-z, ]+?)(?: `([a-z-]+)`)? \| .+ \|")
WORST_OF_NOTHING = 10
"""kube-score's grade of a check without a finding."""


def found(root: Path, tool: Callable[[str], Path]) -> set[tuple[str, str, str]]:
    """Return check, kind and name of everything that kube-score finds in a render."""
    built = subprocess.run([tool("kustomize"), "build", root], capture_output=True, check=True)
    command = [
        str(tool("kube-score")),
        "score",
        "--output-format",
        "json",
        "--kubernetes-version",
        "v1.34",
        "-",
    ]
    done = subprocess.run(command, input=built.stdout, capture_output=True, check=False)
    return {
        (check["check"]["id"], one["type_meta"]["kind"], one["object_meta"]["name"])
        for one in json.loads(done.stdout) or []
        for check in one["checks"]
        if not check["skipped"] and check["grade"] < WORST_OF_NOTHING
    }


def named() -> list[tuple[str, set[str], str | None]]:
    """Return the rows of the page: check, kinds, and the one object's name where it is about one."""
    page = (ROOT / "docs" / "peers.md").read_text("utf-8")
    part = page.split("## kube-score")[1].split("\n## ")[0]
    return [(row[1], set(row[2].split(", ")), row[3]) for row in ROW.finditer(part)]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str]]:
    def tool(name: str) -> Path:
        return ROOT / ".tools" / "bin" / name

    roots = [ROOT / "overlays" / name for name in ("minikube", "eks")]
    for files in (specs.wide(), specs.data()):
        roots += written(files, tmp_path_factory.mktemp("stack"))
    return {
        one
        for root in roots
        for part in PARTS
        if (whole := Path(f"{root}{part}")).exists()
        for one in found(whole, tool)
    }


def written(files: specs.Files, root: Path) -> list[Path]:
    """Write a stack and what it becomes, and return its overlays."""
    for name, text in {**files, "asky.lock": (ROOT / "asky.lock").read_text("utf-8")}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    stack = load(root)
    write(stack, root)
    return [root / "overlays" / name for name in stack.overlays]


def covers(row: tuple[str, set[str], str | None], one: tuple[str, str, str]) -> bool:
    """Say whether a row of the page is about a finding."""
    check, kinds, name = row
    return check == one[0] and one[1] in kinds and name in (None, one[2])


def test_what_kube_score_finds_has_a_reason(everything: set[tuple[str, str, str]]) -> None:
    rows = named()
    assert [one for one in sorted(everything) if not any(covers(row, one) for row in rows)] == []


def test_every_reason_is_for_something_that_kube_score_finds(everything: set[tuple[str, str, str]]) -> None:
    assert [row for row in named() if not any(covers(row, one) for one in everything)] == []
    assert len(named()) > 5
