"""Where a command works: the root of a repository, and what people name below it."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from asky_gitops.errors import InputError

SPEC = "asky.yaml"
SETTINGS = ".asky-gitops.yaml"
MARKS = (SPEC, SETTINGS, ".git")
"""What stands at the top of a repository, or of the part of it that is ours."""
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def find_root(paths: Sequence[str]) -> Path:
    """Return the repository that the paths, or the current folder, are in.

    That is the nearest folder above with an asky.yaml, settings or git. Without one: the current folder
    if it holds the path, else the path's own folder and what its kustomization reaches above it.
    """
    here = Path.cwd()
    start = next((Path(os.path.abspath(path)) for path in paths if path != "-"), here)
    for folder in (start, *start.parents):
        if any((folder / mark).exists() for mark in MARKS):
            return folder
    if start.is_relative_to(here):
        return here
    folder = start if start.is_dir() else start.parent
    return folder.joinpath(*[".."] * _reach(folder)).resolve()


def _reach(folder: Path) -> int:
    """Return how many folders up the kustomization in `folder` refers."""
    for name in KUSTOMIZATIONS:
        if (folder / name).is_file():
            text = (folder / name).read_text("utf-8", "replace")
            return max((len(steps) // 3 for steps in re.findall(r"(?:\.\./?)+", text)), default=0)
    return 0


def inside(root: Path, path: str) -> str:
    """Return a path given on the command line relative to the root. Raises InputError outside of it."""
    if path == "-":
        return path
    absolute = Path(os.path.abspath(path))
    if not absolute.is_relative_to(root):
        raise InputError(f"{path} is not in {root}", hint="check one repository at a time")
    return absolute.relative_to(root).as_posix()
