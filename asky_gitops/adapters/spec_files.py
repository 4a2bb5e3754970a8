"""The SQL that a stack rests on."""

import hashlib
import os
import re
from pathlib import Path

from asky_gitops.adapters.spec_leaves import name as shown
from asky_gitops.errors import AskyError, InputError
from asky_gitops.model.stack import Database

SQL_NAME = re.compile(r"([0-9]{4})_[a-z0-9][a-z0-9_]*\.sql")
BLOCK = re.compile(rb"^--\s*migrate:(up|down)(?:\s*$|\s+\S)", re.MULTILINE)
"""dbmate, pkg/dbmate/migration.go: a block starts with `-- migrate:up` or `-- migrate:down`."""
CONFIG_MAP_BYTES = 1_000_000
"""A ConfigMap holds 1 MiB in all (kubernetes.io/docs/concepts/configuration/configmap), keys included."""


def sql(root: Path, database: Database, seeds_wanted: bool, errors: list[AskyError]) -> dict[str, str]:
    """Return the SHA-256 of every `NNNN_what.sql` by path; note what is wrong with a folder or a file."""
    found = folder(root, database.migrations, "migrations", errors)
    if seeds_wanted:
        found |= folder(root, database.seeds, "seeds", errors)
    return found


def folder(root: Path, name: str, what: str, errors: list[AskyError]) -> dict[str, str]:
    """Return the digests of one folder."""
    path = root / name
    if not path.is_dir() or not path.resolve().is_relative_to(root.resolve()):
        words = "is not a folder" if path.exists() else "not found"
        words = "leads out of the repository" if path.is_dir() else words
        errors.append(InputError(words, name, f"`database.{what}` names the folder of NNNN_what.sql files"))
        return {}
    names = sorted(each.name for each in path.iterdir() if each.name.endswith(".sql"))
    size = sum(os.lstat(path / each).st_size for each in names)
    if size > CONFIG_MAP_BYTES:
        errors.append(InputError(f"holds {size} bytes of SQL; a ConfigMap takes 1 MiB", name))
        return {}
    digests = {f"{name}/{each}": one(path / each, f"{name}/{shown(each)}", what, errors) for each in names}
    if not names:
        errors.append(InputError("holds no NNNN_what.sql", name, "the first one makes the services' schemas"))
    numbers: dict[str, str] = {}
    for each in names:
        if (match := SQL_NAME.fullmatch(each)) and numbers.setdefault(match[1], each) != each:
            errors.append(
                InputError(f"has the number of {numbers[match[1]]}", f"{name}/{each}", "take the next one")
            )
    return digests


def one(path: Path, file: str, what: str, errors: list[AskyError]) -> str:
    """Return one file's digest; note a wrong name, and blocks that a migration lacks or a seed has."""
    if not SQL_NAME.fullmatch(path.name):
        errors.append(InputError("is not named NNNN_what.sql", file, "such as 0002_add_wards.sql"))
    if path.is_symlink() or not path.is_file():
        errors.append(InputError("is not a plain file", file, "kustomize reads nothing outside the folder"))
        return ""
    try:
        content = path.read_bytes()
    except OSError as error:
        errors.append(InputError(f"cannot be read: {error.strerror}", file))
        return ""
    blocks = [match[1] for match in BLOCK.finditer(content)]
    if what == "seeds" and blocks:
        hint = "seeds are plain SQL and run whole, a down block too"
        errors.append(InputError("is a seed with blocks of a migration", f"{file}:1:1", hint))
    elif what == "migrations" and (blocks[:1] != [b"up"] or blocks[1:2] != [b"down"]):
        hint = "dbmate wants `-- migrate:up`, then `-- migrate:down`, each in a line of its own"
        errors.append(InputError("has no up and down block", f"{file}:1:1", hint))
    return hashlib.sha256(content).hexdigest()
