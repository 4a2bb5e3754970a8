"""What kube-score finds in the worked example at its defaults is what docs/peers.md names, and no more."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

ROOTS = [f"overlays/{name}{part}" for name in ("minikube", "eks") for part in ("", "/platform")]
ROW = re.compile(r"\| `([a-z-]+)` \| ([A-Za-z, ]+?)(?: `([a-z-]+)`)? \| .+ \|")
WORST_OF_NOTHING = 10
"""kube-score's grade of a check without a finding."""


def found(root: str, tool: Callable[[str], Path]) -> set[tuple[str, str, str]]:
    """Return check, kind and name of everything that kube-score finds in a render."""
    built = subprocess.run([tool("kustomize"), "build", ROOT / root], capture_output=True, check=True)
    command = [tool("kube-score"), "score", "--output-format", "json", "--kubernetes-version", "v1.34", "-"]
    done = subprocess.run(command, input=built.stdout, capture_output=True, check=False)
    return {
        (check["check"]["id"], one["type_meta"]["kind"], one["object_meta"]["name"])
        for one in json.loads(done.stdout)
        for check in one["checks"]
        if not check["skipped"] and check["grade"] < WORST_OF_NOTHING
    }


def named() -> list[tuple[str, set[str], str | None]]:
    """Return the rows of the page: check, kinds, and the one object's name where it is about one."""
    page = (ROOT / "docs" / "peers.md").read_text("utf-8")
    part = page.split("## kube-score")[1].split("\n## ")[0]
    return [(row[1], set(row[2].split(", ")), row[3]) for row in ROW.finditer(part)]


@pytest.fixture(scope="module")
def everything() -> set[tuple[str, str, str]]:
    def tool(name: str) -> Path:
        return ROOT / ".tools" / "bin" / name

    return {one for root in ROOTS for one in found(root, tool)}


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
