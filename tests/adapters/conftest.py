from pathlib import Path

import pytest

from tests.adapters.commits import put
from tests.conftest import git


@pytest.fixture
def base(repo: Path) -> Path:
    """A repository with a commit of ours (`ours/a`, `ours/b`) and of the user's (`user`)."""
    put(repo, "ours/a", "a\n")
    put(repo, "ours/b", "b\n")
    put(repo, "user", "user\n")
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--message", "first")
    return repo
