"""The SQL of a repository that nothing runs: files that no kustomization makes part of a ConfigMap."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml


def unlisted(root: Path, paths: Iterable[str], rendered: Collection[str]) -> Iterator[str]:
    """Yield the `*.sql` files among the paths that no kustomization beside them lists.

    `rendered` are files that a render read: those are listed, by whatever kustomization.
    """
    for path in paths:
        if path.endswith(".sql") and path not in rendered:
            folder, _, name = path.rpartition("/")
            if name not in listed(root / folder / "kustomization.yaml"):
                yield path


def listed(kustomization: Path) -> set[str]:
    """Return the files that a kustomization makes ConfigMaps of; none where it cannot be read."""
    try:
        said: Any = yaml.load(kustomization.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return set()
    makers = said.get("configMapGenerator") if isinstance(said, dict) else None
    files = [one.get("files") for one in makers or () if isinstance(one, dict)]
    return {str(file).rpartition("=")[2] for each in files if isinstance(each, list) for file in each}
