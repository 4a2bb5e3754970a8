"""Which line of asky.yaml a generated field comes from: change one, generate in memory, see what follows.

Asking the generator itself cannot drift from what it does, as a table of keys and fields would.
"""

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from asky_gitops.adapters import spec_yaml
from asky_gitops.adapters.spec_edit import dotted
from asky_gitops.adapters.spec_yaml import Located, Place, Steps
from asky_gitops.errors import AskyError
from asky_gitops.model.finding import Finding, Related
from asky_gitops.model.tree import Ownership
from asky_gitops.steps.build_places import SPEC
from asky_gitops.steps.generate import as_text, planned
from asky_gitops.tree import layout
from asky_gitops.tree.ownership import State, state

PATIENCE = 300
"""Values tried at most where none looks like the field's; each costs some 20 ms."""

REMEMBERED = 128
"""Plans kept: findings of one check mostly come from the same few values."""


class Origins:
    """The spec of a root, asked where generated fields come from."""

    def __init__(self, root: Path) -> None:
        """Read the spec; one that cannot be read knows no origin."""
        self._spec = Located(SPEC, None)
        with suppress(AskyError):
            self._spec = spec_yaml.parse(spec_yaml.read(root / SPEC, SPEC), SPEC)
        self._plan = lru_cache(REMEMBERED)(partial(planned, root))

    def deciding(self, file: str, text: str, place: Place, patience: int = PATIENCE) -> Related | None:
        """Return what of asky.yaml decides the value at a place of a generated file that has this text.

        None where that cannot be told: no value decides it alone, or asky.yaml would now make another file.
        `patience` is how many values are tried that do not look like the field's.
        """
        return self._deciding(file, text, place, patience) if self._makes(file, text) else None

    def nearest(self, file: str, text: str, place: Place) -> Related | None:
        """Return what plainly decides the value, else where asky.yaml speaks of what the file is about.

        That is a service, else the overlay. None where asky.yaml would now make another file.
        """
        if not self._makes(file, text):
            return None
        return self._deciding(file, text, place, 0) or self._about(file)

    def _makes(self, file: str, text: str) -> bool:
        try:
            return self._made(file, self._spec.data) == text
        except AskyError:
            return False

    def _deciding(self, file: str, text: str, place: Place, patience: int) -> Related | None:
        try:
            found = spec_yaml.parse(text, file)
        except AskyError:
            return None
        steps = next((one for one, at in found.values.items() if at == place and _is_leaf(found, one)), None)
        if steps is None:
            return None
        value = at_steps(found.data, steps)
        for decider, others in _suspects(self._spec, value, patience):
            if self._follows(others, file, steps, value):
                return self._at(decider)
        return None

    def _about(self, file: str) -> Related | None:
        overlay, service = layout.about(file)
        for steps in (("services", service or ""), ("overlays", overlay or "")):
            if steps in self._spec.keys:
                return self._at(steps)
        return None

    def _at(self, steps: Steps) -> Related:
        place = self._spec.value(steps) if _is_leaf(self._spec, steps) else self._spec.key(steps)
        return Related(SPEC, *place, dotted(steps))

    def _follows(self, others: Iterable[Any], file: str, steps: Steps, value: Any) -> bool:
        """Tell whether the field is another one, or gone, in the first of these specs that is sound."""
        for data in others:
            with suppress(AskyError):
                text = self._made(file, data)
                return not text or bool(at_steps(spec_yaml.parse(text, file).data, steps) != value)
        return False

    def _made(self, file: str, data: Any) -> str:
        """Return the text of a generated file as a spec makes it, empty where it makes none.

        Raises what `generate` would stop at.
        """
        made = self._plan(json.dumps(data)).get(file)
        return as_text(made, None).text if made and made.ownership is Ownership.GENERATED else ""


def explained(findings: Iterable[Finding], texts: Mapping[str, str], origins: Origins) -> Iterator[Finding]:
    """Yield the findings, those on a generated file with the line of asky.yaml that it comes from."""
    for one in findings:
        at = one.location
        text = texts.get(at.file, "") if at else ""
        if at and state(at.file, text) is State.INTACT:
            origin = origins.nearest(at.file, text, (at.line, at.column))
            if origin:
                said = replace(origin, message=f"generated from {origin.message}")
                one = replace(one, related=(*one.related, said))
        yield one


def at_steps(data: Any, steps: Steps) -> Any:
    """Return the value at the end of a way, None where the way ends before."""
    for step in steps:
        try:
            data = data[step]
        except (LookupError, TypeError):
            return None
    return data


def _is_leaf(located: Located, steps: Steps) -> bool:
    return not isinstance(at_steps(located.data, steps), dict | list)


def _suspects(spec: Located, value: Any, patience: int) -> Iterator[tuple[Steps, Iterator[Any]]]:
    """Yield what of a spec may decide a value, the likeliest first, and specs that say otherwise."""
    own = str(value)
    leaves = {steps: str(at_steps(spec.data, steps)) for steps in spec.values if _is_leaf(spec, steps)}
    alike = [steps for steps, text in leaves.items() if text == own]
    within = [steps for steps, text in leaves.items() if text in own and text != own]
    yield from ((steps, _otherwise(spec.data, steps)) for steps in (*alike, *within))
    for steps in spec.keys:
        if steps[-1] == value:
            yield steps, iter([_renamed(spec.data, value)])
    rest = [steps for steps in leaves if leaves[steps] not in own]
    yield from ((steps, _otherwise(spec.data, steps)) for steps in rest[:patience])


def _otherwise(data: Any, steps: Steps) -> Iterator[Any]:
    """Yield specs with another value at the steps: near ones of the same kind, and without it at last."""
    value = at_steps(data, steps)
    for other in (*_near(value), None):
        changed = copy.deepcopy(data)
        at_steps(changed, steps[:-1])[steps[-1]] = other
        yield changed


def _near(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, str):
        for number in reversed(list(re.finditer(r"[0-9]+", value))):
            yield f"{value[: number.start()]}{int(number[0]) + 1}{value[number.end() :]}"
        yield from (f"x{value}", f"{value}x")


def _renamed(data: Any, name: str) -> Any:
    """Return a spec in which everything of this name has another one."""
    if isinstance(data, dict):
        return {f"{key}x" if key == name else key: _renamed(value, name) for key, value in data.items()}
    if isinstance(data, list):
        return [_renamed(one, name) for one in data]
    return f"{name}x" if data == name else data
