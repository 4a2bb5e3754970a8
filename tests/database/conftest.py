"""Real servers for the tests of this folder."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database.server import Server, own


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder that the server's user can reach; pytest's own is the caller's alone."""
    made = Path(tempfile.mkdtemp(prefix="asky-database-", dir="/tmp"))
    made.chmod(0o755)
    own(made)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    """Run a new server for one test."""
    made = Server(folder / "server", {})
    made.initialise()
    made.start()
    yield made
    made.stop()
