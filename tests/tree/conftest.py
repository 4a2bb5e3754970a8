"""A planned tree on disk, built by the real kustomize."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from asky_gitops.adapters import yaml
from asky_gitops.model.stack import Stack
from asky_gitops.tree import layout

Rendered = list[dict[str, Any]]


def write(stack: Stack, root: Path) -> None:
    """Write the plan and a file for each SQL file the stack knows of."""
    contents = dict.fromkeys(stack.sql, "SELECT 1;\n")
    for file in layout.plan(stack).files:
        contents[file.path] = file.content if isinstance(file.content, str) else yaml.dump(file.content)
    for path, content in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, "utf-8")


@pytest.fixture
def kustomize(tool: Callable[[str], Path]) -> Callable[[Path], Rendered]:
    """Build a root with defaults, as Argo CD does."""

    def build(root: Path) -> Rendered:
        done = subprocess.run([tool("kustomize"), "build", root], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return list(pyyaml.safe_load_all(done.stdout))

    return build


@pytest.fixture
def build(
    tmp_path: Path, kustomize: Callable[[Path], Rendered]
) -> Iterator[Callable[[Stack, str], Rendered]]:
    """Plan and write a stack, then build one of its roots: `build(stack, "overlays/eks")`."""

    def call(stack: Stack, root: str) -> Rendered:
        write(stack, tmp_path)
        return kustomize(tmp_path / root)

    yield call
