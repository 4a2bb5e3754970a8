"""What was found clean before, by everything it was judged from and judged by: one small file a repository.

A key is a digest of contents: of the files, of this program down to its engine, policies and schemas, and of
what was asked. Nothing is taken for unchanged because of its time or its name. What cannot be read or written
is not there.
"""

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

INSTALLED = (".dist-info", ".egg-info")
"""Folders whose names hold the version of an installed package: its files do not change under it."""


def key_of(root: Path, program: Iterable[Path], asked: Iterable[object]) -> str:
    """Return the digest of every file below a root, of the program's, and of what is asked by its `repr`."""
    whole = hashlib.blake2b(digest_size=32)
    for part in chain(_said(asked), _installed(), *map(_files, program), _files(root)):
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def recall(root: Path, key: str) -> dict[str, Any] | None:
    """Return what was kept for a root under this key, None where there is nothing or something else."""
    place = _place(root)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        kept = json.loads(place.read_bytes()) if place else None
        if kept is not None and kept.get("key") == key:
            return dict(kept["said"])
    return None


def keep(root: Path, key: str, said: dict[str, Any]) -> None:
    """Keep something for a root in place of what was kept before; a disk that refuses is no matter."""
    if (place := _place(root)) is None:
        return
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place.parent, delete=False) as file:
            json.dump({"key": key, "said": said}, file)
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


def _files(root: Path) -> Iterator[bytes]:
    """Yield name and content of everything below a folder, in one order; of a link where it leads."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted([*names, *(one for one in folders if os.path.islink(os.path.join(folder, one)))]):
            path = os.path.join(folder, name)
            yield os.fsencode(os.path.relpath(path, root))
            if os.path.islink(path):
                yield b"link " + os.fsencode(os.readlink(path))
            else:
                yield b"file " + Path(path).read_bytes()
