"""What was judged before, by everything it was judged from and judged by: one small file a repository.

A key is a digest of contents: of the files that count, of this program down to its engine, policies and
schemas, and of what was asked. Nothing is taken for unchanged because of its time or its name. What cannot be
read or written is not there.
"""

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

INSTALLED = (".dist-info", ".egg-info")
"""Folders whose names hold the version of an installed package: its files do not change under it."""
COUNTING = (".yaml", ".yml", ".json", ".sql", "kustomization")
"""Endings of what is looked for in a repository: kustomizations, manifests, settings, migrations."""


def key_of(root: Path, program: Iterable[Path], asked: Iterable[object], read: Collection[str]) -> str:
    """Return the digest of a root's files that count, of the program's, and of what is asked by its `repr`.

    Of a root every folder and every manifest counts, for it may be found and judged, and of the rest what
    is in `read`: the files that a render read.
    """
    whole = hashlib.sha256()
    for part in chain(
        _said([*asked, sorted(read)]), _installed(), *map(_files, _apart(program)), _files(root, read)
    ):
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


def recall(root: Path) -> dict[str, Any] | None:
    """Return what was kept for a root, None where there is nothing or something else."""
    place = _place(root)
    with contextlib.suppress(OSError, ValueError, TypeError):
        return dict(json.loads(place.read_bytes())) if place else None
    return None


def keep(root: Path, said: dict[str, Any]) -> None:
    """Keep something for a root in place of what was kept before; a disk that refuses is no matter."""
    if (place := _place(root)) is None:
        return
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, delete=False) as file:
            json.dump(said, file)
        os.replace(file.name, place)


def _place(root: Path) -> Path | None:
    """Return the file of a root below the user's cache folder (XDG Base Directory Specification)."""
    said = os.environ.get("XDG_CACHE_HOME", "")
    try:
        folder = Path(said) if os.path.isabs(said) else Path.home() / ".cache"
    except RuntimeError:
        return None
    name = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:32]
    return folder / "asky-gitops" / f"{name}.json"


def _said(asked: Iterable[object]) -> Iterator[bytes]:
    for one in asked:
        yield repr(one).encode("utf-8", "surrogateescape")


def _installed() -> Iterator[bytes]:
    """Yield Python's version and those of the packages it finds, the schemas of Kubernetes among them."""
    yield sys.version.encode()
    for folder in sys.path:
        if os.path.isdir(folder):
            yield "\n".join(sorted(name for name in os.listdir(folder) if name.endswith(INSTALLED))).encode()


def _apart(folders: Iterable[Path]) -> list[Path]:
    """Return the folders without those that lie in another of them."""
    every = list(folders)
    return [one for one in every if not any(other in one.parents for other in every)]


def _files(root: Path, read: Collection[str] | None = None) -> Iterator[bytes]:
    """Yield name and content of everything below a folder, in one order; of a link where it leads.

    With `read` of the manifests and of these files, wherever links among them lead; every folder is named.
    """
    top = os.path.realpath(root)
    if read is not None:
        read = {*read, *(os.path.relpath(os.path.realpath(os.path.join(top, one)), top) for one in read)}
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        below = folder[len(top) + 1 :]
        yield b"folder " + os.fsencode(below)
        for name in sorted([*names, *(one for one in folders if os.path.islink(os.path.join(folder, one)))]):
            path, relative = os.path.join(folder, name), f"{below}/{name}" if below else name
            if read is not None and not name.lower().endswith(COUNTING) and relative not in read:
                continue
            yield os.fsencode(relative)
            if os.path.islink(path):
                yield b"link " + os.fsencode(os.readlink(path))
            else:
                with open(path, "rb") as file:
                    yield b"file " + file.read()
