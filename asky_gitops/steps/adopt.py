"""`import`: manifests that are there become asky.yaml, sql/ and custom/; every object is accounted for."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from asky_gitops.adapters import files, spec, spec_edit, spec_yaml, yaml, yaml_edit
from asky_gitops.adopt import merge
from asky_gitops.adopt.found import Log, Note
from asky_gitops.adopt.stack import Stack, adopt
from asky_gitops.errors import AskyError, InputError, Many, Refused
from asky_gitops.platforms import PLATFORMS
from asky_gitops.steps.build import build
from asky_gitops.steps.build_places import KUSTOMIZATIONS, SPEC, find_root
from asky_gitops.steps.generate import load
from asky_gitops.tree import layout

ENDINGS = (".yaml", ".yml", ".json")
INPUT = "standard input"
MOST = 64 * 1024**2
"""Bytes of one file: what a cluster prints of all its namespaces."""
NETWORK, EXAMPLE = "REPLACE-ALB-CIDR", "10.0.0.0/16"
"""The one placeholder that no other part can be judged with, and what stands in for it meanwhile."""
UNSOUND = "nothing was written; the places are those of the file that would have been"
COMPONENT = {"apiVersion": "kustomize.config.k8s.io/v1alpha1", "kind": "Component"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of each object, what is written, and where the secrets' values belong."""

    notes: tuple[Note, ...]
    secrets: tuple[tuple[str, str, str, str], ...]
    """(service, variable, where its value was, where it belongs)."""
    paths: tuple[str, ...]
    open_answers: tuple[tuple[str, str], ...]
    """(`file:line:column`, the placeholder that stands there)."""


def import_manifests(
    path: Path, into: Path, *, dry_run: bool = False, stdin: bytes | None = None
) -> Imported:
    """Read the manifests at `path`, or in `stdin`, and write the stack they describe beside `into`.

    A spec that is there gains the services and settings that it does not have, and each of its overlays
    the manifests of the user's own; other files that are there stop the run.
    Raises InputError for what cannot be read or rendered, Refused for files in the way; nothing is written
    then.
    """
    log = Log()
    name = path.resolve().name if path.is_dir() and stdin is None else path.resolve().parent.name
    root = into.resolve().parent
    existing = spec_yaml.read(into, into.name) if into.is_file() else ""
    known = spec_yaml.parse(existing, into.name).data if existing.strip() else {}
    if not isinstance(known, dict):
        raise InputError("must be a map of keys such as `services:`", f"{into.name}:1:1")
    stack = adopt(documents(path, stdin), name, log, merge.database_of(known))
    if not stack.spec["services"]:
        raise InputError("there is no workload in it that the spec could describe", str(path))
    gained = merge.changes(stack, known, into.name, log) if known else {}
    text = spec_edit.edited(existing, gained, into.name) if known else written(stack)
    data = spec_yaml.parse(text, into.name).data
    contents = {
        into.name: text,
        **numbered(root, stack.sql, merge.as_map(data.get("database"))),
        **beside(root, stack, merge.as_map(data.get("overlays"))),
    }
    ways = [one for one in contents if one != into.name and (root / one).exists() and not is_list(one)]
    if ways:
        raise Many([Refused("is already there", one) for one in ways], "nothing was written")
    if not dry_run:
        write(root, contents, into.name)
    return Imported(
        tuple(log.notes),
        tuple((*secret, home(secret[0], secret[1], data)) for secret in log.secrets),
        tuple(contents),
        () if dry_run else tuple(spec.placeholders(into)),
    )


def home(service: str, variable: str, data: dict[str, Any]) -> str:
    """Say where the value of a service's secret belongs, in the first overlay that has them from outside."""
    for name, one in merge.as_map(data.get("overlays")).items():
        said = merge.as_map(merge.value_at(one, ("secrets",)))
        platform = PLATFORMS.get(str(merge.value_at(one, ("platform",))))
        provider = said.get("provider") or (platform and platform.DEFAULTS["secrets"]["provider"])
        if provider == "external-secrets":
            prefix = said.get("prefix") or f"{merge.value_at(data, ('metadata', 'name'))}/{name}"
            return f"{prefix}/{service}, property {variable}, at the secrets provider"
    return f"Secret {service}"


def documents(path: Path, stdin: bytes | None) -> Iterator[tuple[str, Any]]:
    """Yield (file, document): a kustomization is rendered, a folder read file by file.

    Raises InputError for a path that holds none, a file that is no YAML, and a folder whose kustomizations
    are further down: which of them is meant nobody but the author knows.
    """
    if stdin is not None:
        text = spec_yaml.decoded(stdin, INPUT, MOST)
        yield from ((INPUT, one) for one in yaml.parse_manifests(text, INPUT))
        return
    if not path.exists():
        raise InputError("there is no such file or folder", str(path))
    if path.is_dir() and any((path / name).is_file() for name in KUSTOMIZATIONS):
        root = find_root([str(path)])
        rendered = build(root, path=path.resolve().relative_to(root.resolve()).as_posix())
        yield from (("the render", one) for one in yaml.load(rendered))
        return
    read = sorted(one for one in path.rglob("*") if one.suffix in ENDINGS) if path.is_dir() else [path]
    inner = [one for one in read if one.name in KUSTOMIZATIONS]
    if inner:
        which = ", ".join(sorted({os.path.relpath(one.parent) for one in inner}))
        raise InputError(
            "holds kustomizations further down: import one of them", str(path), f"there are {which}"
        )
    if not read:
        raise InputError("holds no manifest", str(path))
    for file in read:
        shown = file.relative_to(path).as_posix() if path.is_dir() else file.name
        text = spec_yaml.read(file, shown, MOST)
        for document in yaml.parse_manifests(text, shown):
            yield shown, document


def written(stack: Stack) -> str:
    """Return a new spec as its author would write it."""
    head = f"# yaml-language-server: $schema=asky.schema.json\n# {EDIT}\n"
    return head + yaml.dump([stack.spec])


EDIT = (
    "Imported: read what `asky-gitops import` reported, then edit; `asky-gitops schema spec` has every key."
)


def numbered(root: Path, sql: dict[str, str], database: dict[str, Any]) -> dict[str, str]:
    """Return the SQL by path, in the folders that the spec names, numbered behind what is there."""
    made = {}
    for kind in ("migrations", "seeds"):
        folder = str(database.get(kind) or f"sql/{kind}")
        there = sorted(one.name for one in (root / folder).glob("[0-9][0-9][0-9][0-9]_*.sql"))
        last = int(there[-1][:4]) if there else 0
        for path, text in sorted(sql.items()):
            name = path.removeprefix(f"sql/{kind}/")
            if name == path or (name in there and (root / folder / name).read_text("utf-8") == text):
                continue
            last += 1
            made[f"{folder}/{f'{last:04}{name[4:]}' if there else name}"] = text
    return made


def is_list(path: str) -> bool:
    """Tell the file that lists the user's own manifests: entries are added to it."""
    return path.endswith("/custom/kustomization.yaml")


def beside(root: Path, stack: Stack, overlays: Iterable[str]) -> dict[str, str]:
    """Return each overlay's own manifests, and the pins where there are none."""
    made = {}
    for overlay in overlays if stack.custom or stack.patches else ():
        folder = f"overlays/{overlay}/custom"
        made[f"{folder}/kustomization.yaml"] = listed(root / folder / "kustomization.yaml", stack)
        made |= {f"{folder}/{file}": yaml.dump(every) for file, every in stack.custom.items()}
        made |= {f"{folder}/{file}": yaml.dump([one]) for file, one in stack.patches.items()}
    if not (root / "asky.lock").exists():
        shipped = resources.files("asky_gitops.steps") / "init_files"
        made["asky.lock"] = (shipped / "asky.lock").read_text("utf-8")
    return made


def listed(file: Path, stack: Stack) -> str:
    """Return the Component that lists the user's own manifests, with those that are there."""
    new: dict[str, list[Any]] = {
        "resources": sorted(stack.custom),
        "patches": [{"path": one} for one in sorted(stack.patches)],
    }
    if not file.is_file():
        return yaml.dump([{**COMPONENT, **new}])
    text = spec_yaml.read(file, file.name)
    there = spec_yaml.parse(text, file.name).data or {}
    values = {key: [*(there.get(key) or []), *new[key]] for key in new if new[key]}
    return yaml_edit.with_keys(text, values, tuple(values), file.name)


def write(root: Path, contents: dict[str, str], name: str) -> None:
    """Write everything, or nothing when the spec that came out is not sound, whatever is still to fill in."""
    root.mkdir(parents=True, exist_ok=True)
    with files.locked(root):
        files.recover(root)
        before = {path: files.read(root, path) for path in contents}
        changes = [files.Change(path, before[path], text.encode()) for path, text in contents.items()]
        files.apply(root, changes)
        try:
            layout.plan(load(root, contents[name].replace(NETWORK, EXAMPLE))) if name == SPEC else None
        except AskyError as error:
            files.apply(root, [files.Change(one.path, one.after, one.before) for one in changes])
            raise Many(error.errors if isinstance(error, Many) else [error], UNSOUND) from None
