"""Builds everything that ships beside the Python code into one folder."""

import os
import shutil
import tempfile
from pathlib import Path

from asky_gitops.adapters.bundled import source_hash
from tools.bundle import crds, licences
from tools.bundle.toolchain import go


def engine(root: Path, target: Path) -> None:
    """Build the engine: static, stripped, the same bytes for the same source and toolchain."""
    name = "asky-gitops-engine" + go("env", "GOEXE", cwd=root / "engine").strip()
    source = source_hash(root / "engine")
    flags = f"-s -w -buildid= -X main.sourceHash={source}"
    options = ["-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", str(target / name)]
    go("build", *options, ".", cwd=root / "engine")
    (target / "engine.source").write_text(source + "\n", "ascii")


def policies(root: Path, target: Path) -> None:
    """Copy the policy bundle without its tests."""
    shutil.copytree(
        root / "policies", target / "policies", ignore=shutil.ignore_patterns("*_test.rego", ".*")
    )


def bundle(root: Path, target: Path) -> None:
    """Fill `target` from the source tree at `root`; the old content goes only when the new one is whole.

    Raises SystemExit with one line when something cannot be built or downloaded.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".bundle-") as scratch:
        new = Path(scratch) / "new"
        new.mkdir()
        engine(root, new)
        policies(root, new)
        folders = crds.download(root / "tools" / "schemas")
        crds.pack(folders, new / "crds")
        licences.write(licences.linked(root / "engine"), folders, new / "LICENSES.txt")
        if target.exists():
            os.replace(target, Path(scratch) / "old")
        os.replace(new, target)
