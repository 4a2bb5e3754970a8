"""The SQL folders as ConfigMaps: kustomize reads nothing above a root, so each folder is one."""

import hashlib
import re
from typing import Any

from asky_gitops.components import names
from asky_gitops.components.metadata import Wave, labels
from asky_gitops.components.migrations import COMPONENT, sql_files
from asky_gitops.errors import InputError
from asky_gitops.model.stack import Database, Stack
from asky_gitops.tree import kustomize

KEY = re.compile(r"[-._A-Za-z0-9]+")
"""What a ConfigMap's key may be (kubernetes.io, "ConfigMaps")."""


def folders(database: Database) -> dict[str, str]:
    """Return ConfigMap to folder."""
    return {names.SQL_MIGRATIONS: database.migrations, names.SQL_SEEDS: database.seeds}


def generator(stack: Stack, name: str, folder: str) -> dict[str, Any]:
    """Return the kustomization of one SQL folder.

    Argo CD shows no difference for a hook that changed; the digest of the SQL and the migrator's image on
    this tracked ConfigMap make a change of either a change of the Application. It is applied server-side:
    what client-side apply writes beside an object, all of it once more, may not exceed 256 KiB.
    """
    files = [file_name(path, folder) for path in sql_files(stack, folder)]
    digest = hashlib.sha256("".join(f"{stack.sql[f'{folder}/{name}']}  {name}\n" for name in files).encode())
    options = {
        "annotations": {
            "argocd.argoproj.io/sync-options": "ServerSideApply=true",
            "argocd.argoproj.io/sync-wave": str(int(Wave.GROUND)),
            "asky-gitops.dev/migrator-image": names.image(stack, "dbmate"),
            "asky-gitops.dev/sql-digest": f"sha256:{digest.hexdigest()}",
        },
        "labels": labels(stack, name, COMPONENT),
    }
    return kustomize.config_map(name, files, options)


def file_name(path: str, folder: str) -> str:
    """Return a file's name inside its folder; raises InputError when no ConfigMap can hold it."""
    name = path.removeprefix(f"{folder}/")
    if not KEY.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be a key of a ConfigMap",
            where=path,
            hint="SQL files lie directly in their folder; letters, digits, '-', '_' and '.' make their names",
        )
    return name
