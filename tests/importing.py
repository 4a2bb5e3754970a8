"""The inputs of `import`, as messy as people's are, and what the tests of it share."""

from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT, Outcome

Invoke = Callable[..., Outcome]
INPUTS = ROOT / "tests" / "data" / "import"
EXPECTED = ROOT / "tests" / "data" / "import_expected"
WHERE = {"kustomized": "kustomized/overlays/prod"}
"""What is given to the importer, where it is not the whole folder."""
NETWORKS = "overlays.eks.aws.albCidrs=[10.0.0.0/20]"
"""An answer that only a person knows."""


def source(name: str) -> Path:
    return INPUTS / WHERE.get(name, name)


def paths(folder: Path) -> list[str]:
    """Return every path of a folder but for the lock of those who write in it."""
    every = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return sorted(path for path in every if not path.startswith(".asky-gitops"))


def adopted(invoke: Invoke, name: str, folder: Path) -> Outcome:
    """Import an input into a folder."""
    said = invoke("import", source(name), "--into", folder / "asky.yaml", cwd=folder)
    assert (said.status, said.err) == (0, "")
    return said
