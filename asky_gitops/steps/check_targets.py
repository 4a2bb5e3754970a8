"""The part of `check` that decides what is judged, and by which settings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from asky_gitops.adapters import files
from asky_gitops.adapters.engine import Engine
from asky_gitops.adapters.engine_replies import Wanted
from asky_gitops.adapters.spec_outline import Outline
from asky_gitops.errors import InputError, Many
from asky_gitops.steps.build import chosen, errors_of, kustomization, outline, refuse_missing, sources

MANIFESTS = (".yaml", ".yml", ".json")


def said(root: Path, trusted: Path | None) -> Outline:
    """Return what the spec says; of a trusted revision its settings, and its overlays that still exist."""
    here = outline(root)
    if trusted is None:
        return here
    there = outline(trusted)
    left_out = [name for name in there.overlays if name not in here.overlays]
    overlays = [*here.overlays, *(name for name in left_out if (root / "overlays" / name).is_dir())]
    return replace(there, overlays=tuple(overlays))


def targets(
    engine: Engine,
    root: Path,
    said: Outline,
    paths: Sequence[str],
    overlays: Sequence[str],
    stdin: bytes | None,
) -> tuple[list[Wanted], dict[str, tuple[tuple[str, str], ...]]]:
    """Return what to judge, and by a target's name what was found beside it and is no manifest."""
    if paths and overlays:
        raise InputError("give a PATH or --overlay, not both")
    if not paths and (overlays or said.overlays):
        return [
            target for name in chosen(root, said.overlays, overlays) for target in of_overlay(root, name)
        ], {}
    wanted: dict[str, Wanted] = {}
    passed_over = {}
    for path in dict.fromkeys(paths or ["."]):
        if path == "-":
            wanted["-"] = Wanted("-", "-", text=(stdin or b"").decode("utf-8", "replace"))
            continue
        refuse_missing(root, path)
        there = engine.discover(root, path)
        if there.problem:
            raise Many(errors_of([there.problem], {}))
        if not there.targets:
            seen = "; ".join(f"{file}: {reason}" for file, reason in there.unjudged[:3]) or None
            raise InputError("there is no kustomization and no manifest", where=path, hint=seen)
        names = [target.name for target in there.targets]
        passed_over[path if path in names else names[0]] = there.unjudged
        wanted |= dict(zip(names, there.targets, strict=True))
    return list(wanted.values()), passed_over


def of_overlay(root: Path, name: str) -> list[Wanted]:
    """Return the targets of one overlay: what its Argo CD Applications sync, and they themselves."""
    targets = [kustomization(f"overlays/{name}", name)]
    if (root / "overlays" / name / "platform").is_dir():
        targets.append(kustomization(f"overlays/{name}/platform", f"{name}/platform"))
    loose = tuple(file for file in files.walk(root, [f"argocd/{name}"]) if file.endswith(MANIFESTS))
    if loose:
        targets.append(Wanted(f"{name}/argocd", f"argocd/{name}", files=loose))
    return targets


def reached(
    engine: Engine, root: Path, wanted: Sequence[Wanted], touched: Collection[str]
) -> tuple[list[Wanted], frozenset[str]]:
    """Return the targets whose render reads one of these files or fails, and every file that any reads."""
    answers = engine.build(root, wanted)
    changed = set(touched)
    found = [
        target
        for target, answer in zip(wanted, answers, strict=True)
        if answer.problem or changed & set(answer.target.closure)
    ]
    return found, frozenset().union(*(answer.target.closure for answer in answers))


def rendered(
    engine: Engine, root: Path, overlays: Sequence[str], revision: str | None = None
) -> dict[str, list[Mapping[str, Any]]]:
    """Return the objects of every target by its name; `revision` is what `root` holds, for a message."""
    wanted, _ = targets(engine, root, said(root, None), (), overlays, None)
    answers = engine.build(root, wanted, objects=True)
    problems = [answer.problem for answer in answers if answer.problem]
    if problems:
        read = {file for answer in answers if answer.problem for file in answer.target.closure}
        errors = errors_of(problems, sources(root, read))
        if revision is None:
            raise Many(errors)
        raise InputError(f"{revision} cannot be rendered: {errors[0].message}", errors[0].where)
    return {answer.target.name: list(answer.input["items"]) for answer in answers if answer.input is not None}
