"""Move the pins of `asky.lock`: to what this version knows, or to one that is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from asky_gitops.adapters import files, spec_lock, yaml_edit
from asky_gitops.adapters.spec_leaves import Wrong, nearest
from asky_gitops.errors import AskyError, InputError, Many, Refused
from asky_gitops.model.lock import Lock, chart
from asky_gitops.steps.generate import load
from asky_gitops.tree import layout, pins
from asky_gitops.tree.pins import Kept, Move

LOCK = spec_lock.LOCK


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What moved, or with a dry run what would."""

    moves: tuple[Move, ...]
    kept: tuple[Kept, ...]
    restarts: Mapping[str, Sequence[str]]
    """What restarts once the tree is generated, committed and synced, by the part of the repository."""
    written: bool


def upgrade(
    root: Path, *, only: Sequence[str] = (), chosen: Mapping[str, str] | None = None, dry_run: bool = False
) -> Upgrade:
    """Move the pins of the lock below `root`; the tree itself is `generate`'s.

    `only` limits the move to these names, `section.name` or a name that one section alone has; `chosen` sets
    pins of one's own. Raises InputError for an unknown name or a pin that is not of its form, Many for a lock
    or spec that cannot be read, Refused for an unfinished run; nothing is written then.
    """
    with files.locked(root):
        if why := files.unfinished(root):
            raise Refused(why, hint="`asky-gitops generate` makes the tree whole again")
        content = files.read(root, LOCK)
        own = read(content)
        known = shipped()
        names = [full_name(name, own, known) for name in only]
        wanted = {
            (full := full_name(name, own, known)): judged(full, pin, own)
            for name, pin in (chosen or {}).items()
        }
        found = pins.compared(own, known, wanted, names or list(wanted))
        moves = tuple(each for each in found if isinstance(each, Move))
        kept = tuple(each for each in found if isinstance(each, Kept))
        if not moves:
            return Upgrade((), kept, {}, written=False)
        assert content is not None
        before = content.decode()
        values = {tuple(move.name.split(".", 1)): move.after for move in moves}
        after = yaml_edit.with_entries(before, values, LOCK)
        restarts = consequences(root, own, after)
        if not dry_run:
            files.apply(root, [files.Change(LOCK, content, after.encode())])
    return Upgrade(moves, kept, restarts, written=not dry_run)


def read(content: bytes | None) -> Lock:
    """Return the pins of the lock's bytes; raise Many with everything that is wrong."""
    errors: list[AskyError] = []
    if content is None:
        raise InputError("not found", LOCK, "`asky-gitops init` in an empty folder writes one to copy")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise InputError("is not UTF-8 text", LOCK) from None
    own = spec_lock.parsed(text, LOCK, errors)
    if errors:
        raise Many(errors, "nothing was written")
    return own


def shipped() -> Lock:
    """Return the pins that this version of asky-gitops was made and tried with."""
    errors: list[AskyError] = []
    text = (resources.files("asky_gitops.steps") / "init_files" / LOCK).read_text("utf-8")
    known = spec_lock.parsed(text, LOCK, errors)
    assert not errors
    return known


def full_name(name: str, own: Lock, known: Lock) -> str:
    """Return a pin's `section.name`; raise InputError for one that is unknown or that two sections have."""
    section, _, inner = name.partition(".")
    if section in spec_lock.SECTIONS and inner:
        return name
    every = sorted({*own.flat(), *known.flat()})
    fitting = [full for full in every if full.partition(".")[2] == name]
    if len(fitting) == 1:
        return fitting[0]
    near = nearest(name, [full.partition(".")[2] for full in every])
    meant = f'; did you mean "{near}"?' if near else ""
    hint = f"one of {', '.join(fitting)}" if fitting else f"pins: {', '.join(every)}"
    raise InputError(f'{LOCK} pins no single "{name}"{meant}', hint=hint)


def judged(name: str, pin: str, own: Lock) -> str:
    """Return a pin that somebody chose; of a chart that is pinned already the version is enough.

    Raises InputError for one that is not of its form, an image without its digest, and another major version
    of PostgreSQL.
    """
    section, _, inner = name.partition(".")
    if section == "charts" and "/" not in pin and inner in own.charts:
        known = chart(own.charts[inner])
        pin = f"{known.repository}/{known.name}:{pin}"
    try:
        pin = spec_lock.judged(section, inner, pin)
    except Wrong as wrong:
        raise InputError(f"--set {name}: {wrong.text}", hint=wrong.hint) from None
    if section == "images" and "@sha256:" not in pin:
        raise InputError(f"--set {name}: the image has no digest", hint="a tag alone can move by itself")
    major = inner.rpartition("-")[2]
    if inner.startswith(("postgres-", "cloudnative-pg-")) and pins.version(pin)[:1] != (int(major),):
        hint = "`database.version` chooses the major version"
        raise InputError(f"--set {name}: the image is not PostgreSQL {major}", hint=hint)
    return pin


def consequences(root: Path, own: Lock, after: str) -> dict[str, list[str]]:
    """Return what restarts when the tree follows the new lock.

    A pin that the tree lacks so far has nothing to restart, so the old tree is planned with it.
    """
    errors: list[AskyError] = []
    lock = spec_lock.parsed(after, LOCK, errors)
    assert not errors
    with_new = load(root, lock=lock)
    with_old = replace(
        with_new,
        pins={**lock.images, **own.images},
        charts={**with_new.charts, **{name: chart(pin) for name, pin in own.charts.items()}},
        tools={**lock.tools, **own.tools},
    )
    return pins.restarts(layout.plan(with_old).files, layout.plan(with_new).files)
