"""Load `asky.yaml` into a `Stack`: every error at once, each with its line and column."""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from asky_gitops.adapters import spec_files, spec_lock, spec_yaml
from asky_gitops.adapters.spec_decode import Complaints, judge
from asky_gitops.adapters.spec_document import Spec
from asky_gitops.adapters.spec_leaves import Wrong
from asky_gitops.adapters.spec_merge import Layers
from asky_gitops.adapters.spec_scalars import (
    SCALARS,
    Account,
    Bucket,
    CertificateArn,
    Cidr,
    ClusterName,
    Region,
    RepoUrl,
)
from asky_gitops.adapters.spec_stack import Builder
from asky_gitops.adapters.spec_yaml import Steps
from asky_gitops.errors import AskyError, InputError, Many
from asky_gitops.model.lock import Lock
from asky_gitops.model.stack import Stack

Platforms = Mapping[str, Mapping[str, Any]]
"""Platform to its defaults, in the shape of an overlay: `defaults`, `ingress`, `secrets`, `database`."""

MAX_VIEWS = 10_000
"""A service in the base or in one overlay is one view; this many take some seconds."""
ANSWERS: Mapping[str, Any] = {
    "repo_url": RepoUrl,
    "cluster": ClusterName,
    "region": Region,
    "account": Account,
    "alb_cidrs": Cidr,
    "certificate_arn": CertificateArn,
    "bucket": Bucket,
}
"""What only the user knows, by name, and what it must be."""


def load(path: Path, platforms: Platforms, text: str | None = None, lock: Lock | None = None) -> Stack:
    """Return the stack that the file at `path` describes, with the SQL and `asky.lock` beside it.

    `text` is read in place of what the file holds, `lock` taken in place of the one beside it. Raises one
    `Many` of `InputError`s with everything that is wrong, in the order of the file.
    """
    located = opened(path, text)
    complaints = Complaints(located)
    bounded(located)
    judge(located, Spec, complaints)
    layers = Layers(located, pruned(located.data, complaints.broken), platforms)
    builder = Builder(layers, complaints)
    files: list[AskyError] = []
    lock = lock or spec_lock.read(path.parent, files)
    stack = builder.stack(lock)
    sql: dict[str, str] = {}
    errors = [*complaints.errors, *files]
    if database := builder.database(None):
        seeds = any(layers.at("overlays", name).get("seeds") is True for name in layers.at("overlays"))
        sql = spec_files.sql(path.parent, database, seeds, errors)
        errors += spec_lock.missing(lock.images, ["dbmate", f"postgres-{database.version}"])
    if errors:
        raise Many(errors)
    assert stack is not None
    return dataclasses.replace(stack, sql=sql)


def opened(path: Path, text: str | None = None) -> spec_yaml.Located:
    """Return the file, or a text in its place, as located data; raise `Many` where it cannot be read."""
    try:
        located = spec_yaml.parse(spec_yaml.read(path, path.name) if text is None else text, path.name)
        if not isinstance(located.data, dict):
            raise InputError("must be a map of keys such as `services:`", f"{path.name}:1:1")
    except InputError as error:
        hint = "`asky-gitops init` writes one" if error.message == "not found" else error.hint
        raise Many([InputError(error.message, error.where, hint)]) from None
    return located


def bounded(located: spec_yaml.Located) -> None:
    """Refuse a stack whose views would take minutes to build: the file may come from a stranger."""
    parts = (located.data.get("services"), located.data.get("overlays"))
    services, overlays = (len(part) if isinstance(part, dict) else 0 for part in parts)
    if services * (overlays + 1) > MAX_VIEWS:
        words = f"{services} services in {overlays} overlays; at most {MAX_VIEWS} services in all are read"
        raise Many([InputError(words, located.where(located.key(("services",))))])


def pruned(data: Any, broken: set[Steps], at: Steps = ()) -> Any:
    """Return a copy of plain data without what could not be read."""
    if isinstance(data, dict):
        return {
            key: pruned(value, broken, (*at, key)) for key, value in data.items() if (*at, key) not in broken
        }
    if isinstance(data, list):
        # An item keeps its index, by which its place is found.
        return [
            None if (*at, n) in broken else pruned(value, broken, (*at, n)) for n, value in enumerate(data)
        ]
    return data


def wrong_answer(name: str, value: str) -> str | None:
    """Return what is wrong with a value that is to stand in the spec, in words that continue its name."""
    try:
        SCALARS[ANSWERS[name]].read(value)
    except Wrong as wrong:
        return wrong.text
    return None


def placeholders(path: Path) -> list[tuple[str, str]]:
    """Return where a value is still to be filled in, as (`file:line:column`, `REPLACE-…`)."""
    located = opened(path)
    found = []
    for steps, place in located.values.items():
        value = located.data
        for step in steps:
            value = value[step]
        if isinstance(value, str) and (match := re.search(r"REPLACE-[A-Z0-9-]*[A-Z0-9]", value)):
            found.append((located.where(place), match[0]))
    return sorted(found, key=lambda one: tuple(map(int, one[0].split(":")[1:])))
