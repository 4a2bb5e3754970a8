"""`import`: manifests that are there become asky.yaml, sql/ and custom/; every object is accounted for."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from asky_gitops.adapters import files, spec_edit, spec_yaml, yaml
from asky_gitops.adopt.found import Log, Note
from asky_gitops.adopt.stack import Stack, adopt
from asky_gitops.errors import AskyError, InputError, Many, Refused
from asky_gitops.steps.build import KUSTOMIZATIONS, SPEC, build, find_root
from asky_gitops.steps.generate import load
from asky_gitops.tree import layout

ENDINGS = (".yaml", ".yml", ".json")
OVERLAY = "minikube"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of each object, what is written, and where the secrets' values belong."""

    notes: tuple[Note, ...]
    secrets: tuple[tuple[str, str, str], ...]
    """(service, variable, where its value was)."""
    paths: tuple[str, ...]


def import_manifests(path: Path, into: Path, *, dry_run: bool = False) -> Imported:
    """Read the manifests at `path` and write the stack they describe beside `into`.

    A spec that is there gains the services that it does not have; other files that are there stop the run.
    Raises InputError for what cannot be read or rendered, Refused for files in the way; nothing is written
    then.
    """
    log = Log()
    name = path.resolve().name if path.is_dir() else path.resolve().parent.name
    stack = adopt(documents(path), name, log)
    if not stack.spec["services"]:
        raise InputError("there is no workload in it that the spec could describe", str(path))
    root = into.resolve().parent
    existing = into.read_text("utf-8") if into.is_file() else None
    contents = {into.name: merged(stack, existing, into.name, log) if existing else written(stack)}
    contents |= beside(root, stack)
    ways = [one for one in contents if one != into.name and (root / one).exists()]
    if ways:
        raise Many([Refused("is already there", one) for one in ways], "nothing was written")
    if not dry_run:
        write(root, contents, into.name)
    return Imported(tuple(log.notes), tuple(log.secrets), tuple(contents))


def documents(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield (file, document): a kustomization is rendered, a folder read file by file.

    Raises InputError for a path that holds none, a file that is no YAML, and a folder whose kustomizations
    are further down: which of them is meant nobody but the author knows.
    """
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
        text = spec_yaml.read(file, shown)
        for document in yaml.parse_manifests(text, shown):
            yield shown, document


def written(stack: Stack) -> str:
    """Return a new spec as its author would write it."""
    head = f"# yaml-language-server: $schema=asky.schema.json\n# {EDIT}\n"
    return head + yaml.dump([stack.spec])


EDIT = (
    "Imported: read what `asky-gitops import` reported, then edit; `asky-gitops schema spec` has every key."
)


def merged(stack: Stack, text: str, name: str, log: Log) -> str:
    """Return the spec that is there with the services that it lacks; what it has stays as it is."""
    known = spec_yaml.parse(text, name).data
    known = known if isinstance(known, dict) else {}
    changes: dict[spec_yaml.Steps, Any] = {}
    for service, data in stack.spec["services"].items():
        if service in (known.get("services") or {}):
            log.notes.append(Note("left over", f"services.{service}", name, "is in the spec already"))
        else:
            changes[("services", service)] = data
    if "database" in stack.spec and "database" not in known:
        changes[("database",)] = stack.spec["database"]
    return spec_edit.edited(text, changes, name)


def beside(root: Path, stack: Stack) -> dict[str, str]:
    """Return the other files: SQL, the user's own manifests, the pins where there are none."""
    made = dict(sorted(stack.sql.items()))
    folder = f"overlays/{OVERLAY}/custom"
    if stack.custom or stack.patches:
        component = {
            "apiVersion": "kustomize.config.k8s.io/v1alpha1",
            "kind": "Component",
            "resources": sorted(stack.custom),
            "patches": [{"path": file} for file in sorted(stack.patches)],
        }
        made[f"{folder}/kustomization.yaml"] = yaml.dump([component])
        made |= {f"{folder}/{file}": yaml.dump(every) for file, every in stack.custom.items()}
        made |= {f"{folder}/{file}": yaml.dump([one]) for file, one in stack.patches.items()}
    if not (root / "asky.lock").exists():
        shipped = resources.files("asky_gitops.steps") / "init_files"
        made["asky.lock"] = (shipped / "asky.lock").read_text("utf-8")
    return made


def write(root: Path, contents: dict[str, str], spec: str) -> None:
    """Write everything, or nothing when the spec that came out is not sound."""
    root.mkdir(parents=True, exist_ok=True)
    with files.locked(root):
        files.recover(root)
        before = {path: files.read(root, path) for path in contents}
        changes = [files.Change(path, before[path], text.encode()) for path, text in contents.items()]
        files.apply(root, changes)
        try:
            layout.plan(load(root)) if spec == SPEC else None
        except AskyError:
            files.apply(root, [files.Change(one.path, one.after, one.before) for one in changes])
            raise
