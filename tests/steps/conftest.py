from pathlib import Path

import pytest

from asky_gitops.steps.generate import generate
from tests.conftest import git
from tests.small_stack import write_small_stack


@pytest.fixture
def small(repo: Path) -> Path:
    """A committed small stack, with a file of the user's beside it."""
    write_small_stack(repo)
    (repo / "README.md").write_text("mine\n")
    generate(repo)
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--message", "first")
    return repo
