"""`build`: what Argo CD will sync, byte for byte as kustomize prints it; and what a command is about."""

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path

from asky_gitops.adapters import bundled, files, spec_outline, yaml
from asky_gitops.adapters.engine import Engine
from asky_gitops.adapters.engine_replies import Wanted
from asky_gitops.adapters.spec_outline import Outline
from asky_gitops.errors import AskyError, InputError, Many, Refused, ToolError
from asky_gitops.model.finding import Problem
from asky_gitops.model.manifest import Manifest
from asky_gitops.steps.build_places import KUSTOMIZATIONS, SETTINGS, SPEC

SHOWN_BYTES = 1 << 20
"""Sources larger than this are not read to show what is wrong in them."""


def started() -> Engine:
    """Return the shipped engine, to be entered: it starts then. Raises ToolError when it is not there."""
    return Engine(bundled.engine(), bundled.expected_source(), bundled.cure())


def build(root: Path, *, path: str | None = None, overlays: Sequence[str] = ()) -> str:
    """Return what `kustomize build` prints for the kustomization at `path`, or for overlays in turn.

    Several are separated by `---`. Raises InputError with kustomize's own words when one cannot be
    rendered, Refused when an earlier run left the tree unfinished.
    """
    refuse_unfinished(root)
    with started() as engine:
        if path is not None:
            refuse_missing(root, path)
            wanted = [kustomization(path)]
        else:
            names = chosen(root, outline(root).overlays, overlays)
            wanted = [kustomization(f"overlays/{name}", name) for name in names]
        answers = engine.build(root, wanted)
    if problems := [answer.problem for answer in answers if answer.problem]:
        read = {file for answer in answers if answer.problem for file in answer.target.closure}
        raise Many(errors_of(problems, sources(root, read)))
    return "---\n".join(answer.yaml or "" for answer in answers)


def objects(root: Path, overlay: str) -> list[Manifest]:
    """Return every object of both roots of an overlay, the platform's first, as Argo CD will sync them."""
    texts = [build(root, overlays=[overlay])]
    if (root / "overlays" / overlay / "platform").is_dir():
        texts.insert(0, build(root, path=f"overlays/{overlay}/platform"))
    return [one for text in texts for one in yaml.load(text)]


def sources(root: Path, names: set[str], stdin: bytes | None = None) -> dict[str, str]:
    """Return the text of files below the root; one that is too large or cannot be read is left out."""
    texts = {}
    for name in sorted(names):
        content = stdin if name == "-" else _content(root, name)
        if content is not None and len(content) <= SHOWN_BYTES:
            texts[name] = content.decode("utf-8", "replace")
    return texts


def _content(root: Path, name: str) -> bytes | None:
    place = (root / name).resolve()
    if not place.is_relative_to(root.resolve()) or not place.is_file():
        return None
    try:
        return files.read(root, name)
    except ToolError:
        return None


def errors_of(problems: Sequence[Problem], texts: Mapping[str, str]) -> list[AskyError]:
    """Return problems as the errors that stop a command, without secrets; `texts` are what was read."""
    from asky_gitops.findings.presented import speakable

    return [_error(problem) for problem in speakable(problems, texts)]


def _error(problem: Problem) -> AskyError:
    at = problem.location
    kind = InputError if problem.exit_code == 2 else ToolError
    return kind(problem.message, where=f"{at.file}:{at.line}:{at.column}" if at else None, hint=problem.hint)


def refuse_unfinished(root: Path) -> None:
    """Raise Refused when the tree may be half old and half new."""
    if why := files.unfinished(root):
        raise Refused(why, hint="run asky-gitops generate first: it finishes or undoes what was begun")


def refuse_missing(root: Path, path: str) -> None:
    """Raise InputError when there is nothing at a path."""
    if not (root / path).exists():
        raise InputError("there is no such file or folder", where=path)


def kustomization(path: str, name: str | None = None) -> Wanted:
    """Return the kustomization in a folder as a target; `path` may also be the file itself."""
    folder, _, file = path.rpartition("/")
    path = (folder or ".") if file in KUSTOMIZATIONS else path
    return Wanted(name or path, path, kustomization=path)


def outline(root: Path) -> Outline:
    """Return what asky.yaml, or without one the settings file, has to say to a check.

    Raises InputError or Many of it for a file that is wrong.
    """
    if (root / SPEC).exists():
        return spec_outline.of_spec(root / SPEC) or _carefully(root)
    return spec_outline.of_settings(root / SETTINGS) or _carefully(root)


def _carefully(root: Path) -> Outline:
    """Read the spec or the settings with all their rules, when the quick look was not enough."""
    from asky_gitops.adapters import settings, spec
    from asky_gitops.platforms import PLATFORMS

    stack = None
    if (root / SPEC).exists():
        stack = spec.load(root / SPEC, {name: platform.DEFAULTS for name, platform in PLATFORMS.items()})
    checks = settings.load(root, stack)
    config = {"cpuLimits": checks.cpu_limits, "databases": list(checks.databases)}
    if stack is None:
        return Outline((), (), config)
    relaxed = tuple(name for name, overlay in stack.overlays.items() if overlay.profile == "dev")
    database = stack.database
    sql = (database.migrations, database.seeds) if database else ()
    return Outline(tuple(stack.overlays), stack.kubernetes, config, relaxed, sql)


def chosen(root: Path, known: Sequence[str], overlays: Sequence[str]) -> list[str]:
    """Return the overlays a command is about: the named ones, or all there are.

    `known` are those of the spec; without any, the folders below `overlays`. Raises InputError for one
    that does not exist, with the nearest name, or is not generated yet.
    """
    known = list(known) or folders(root / "overlays")
    for name in overlays:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            listed = f"there {'is' if len(known) < 2 else 'are'} {', '.join(known) or 'none'}"
            hint = f'did you mean "{near[0]}"?' if near else listed
            raise InputError(f'there is no overlay "{name}"', hint=hint)
    names = list(dict.fromkeys(overlays)) or known
    for name in names:
        if not (root / "overlays" / name).is_dir():
            message = f'the overlay "{name}" is not generated yet'
            raise InputError(message, f"overlays/{name}", "asky-gitops generate writes it")
    return names


def folders(place: Path) -> list[str]:
    """Return the names of the folders in a place, sorted; none where there is no such place."""
    return sorted(path.name for path in place.iterdir() if path.is_dir()) if place.is_dir() else []
