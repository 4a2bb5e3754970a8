"""Judge one file against the types of its keys, every error at once, each at its place.

cattrs structures the plain data onto dataclasses; what it reports is turned into `file:line:column` lines.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from asky_gitops.adapters.spec_document_service import ServiceDatabase, Volume
from asky_gitops.adapters.spec_keys import spelled
from asky_gitops.adapters.spec_leaves import Wrong, kind, name, nearest, quoted, string, suggesting, switch
from asky_gitops.adapters.spec_scalars import SCALARS, MountPath
from asky_gitops.adapters.spec_yaml import Located, Steps
from asky_gitops.errors import AskyError, InputError


class Complaints:
    """The errors of one file: each once, in the order of the file."""

    def __init__(self, located: Located) -> None:
        self.located = located
        self.broken: set[Steps] = set()
        """What could not be read."""
        self._around: set[Steps] = set()
        self._errors: dict[tuple[tuple[int, int], str], AskyError] = {}

    def add(
        self,
        steps: Steps,
        message: str,
        *,
        suggestion: str | int | None = None,
        hint: str | None = None,
        key: bool = False,
    ) -> None:
        """Note an error at a value, or at its `key`; a suggestion becomes `did you mean "…"?`."""
        place = self.located.key(steps) if key else self.located.value(steps)
        words = suggesting(message, suggestion)
        self._errors.setdefault((place, words), InputError(words, self.located.where(place), hint))

    def breaks(self, steps: Steps) -> None:
        """Note that the value at `steps` could not be read: nothing that rests on it is judged further."""
        self.broken.add(steps)
        self._around.update(steps[:length] for length in range(len(steps) + 1))

    def sound(self, *prefixes: Steps) -> bool:
        """Say whether everything under the prefixes could be read."""
        return not any(prefix in self._around for prefix in prefixes)

    @property
    def errors(self) -> list[AskyError]:
        """Return the errors in the order of the file."""
        return [self._errors[key] for key in sorted(self._errors)]


def judge(located: Located, spec: type, complaints: Complaints) -> None:
    """Note everything that is no value of the dataclass `spec`."""
    try:
        converter().structure(located.data, spec)
    except Exception as error:
        for steps, wrong in leaves(error, ()):
            complaints.breaks(steps)
            report(steps, wrong, complaints)


def report(steps: Steps, wrong: Exception, complaints: Complaints) -> None:
    """Put one error of cattrs into words; an exception that is no verdict on the input is passed on."""
    if isinstance(wrong, Unknown):
        around = f" in {dotted(steps[:-1])}" if steps[:-1] else ""
        message = f"unknown key {quoted(str(steps[-1]))}".rstrip() + around
        complaints.add(steps, message, suggestion=nearest(str(steps[-1]), wrong.known), key=True)
    elif isinstance(wrong, KeyError):
        around = dotted(steps[:-1]) or complaints.located.file
        complaints.add(steps[:-1], f"{around} needs {steps[-1]!s}", key=True)
    elif isinstance(wrong, Wrong):
        noun = labelled(steps[:-1] if wrong.of_key else steps, complaints.located.file)
        complaints.add(
            steps, f"{noun} {wrong.message}", suggestion=wrong.suggestion, hint=wrong.hint, key=wrong.of_key
        )
    else:
        raise wrong


def dotted(steps: Steps) -> str:
    """Return the way to a value as people write it: `services.auth.egress[0]`."""
    written = (f"[{step}]" if isinstance(step, int) else f".{name(str(step))}" for step in steps)
    return "".join(written).removeprefix(".")


def labelled(steps: Steps, file: str) -> str:
    """Name a value in a message: its key, with the key of the list or map it is in where that helps."""
    if not steps:
        return file
    last = steps[-1]
    if isinstance(last, int):
        return f"{name(str(steps[-2]))}[{last}]" if len(steps) > 1 else f"[{last}]"
    return name(last)


class Unknown(Exception):
    """A key that the map does not know, with the ones it does."""

    def __init__(self, known: list[str]) -> None:
        super().__init__()
        self.known = known


def leaves(error: BaseException, steps: Steps) -> Iterator[tuple[Steps, Exception]]:
    """Walk an error of cattrs down to what is wrong, with the way to it."""
    if isinstance(error, ForbiddenExtraKeysError):
        known = [spelled(one.name) for one in dataclasses.fields(error.cl)]
        for extra in sorted(error.extra_fields):
            yield (*steps, extra), Unknown(known)
    elif isinstance(error, ClassValidationError | IterableValidationError):
        for inner in error.exceptions:
            yield from leaves(inner, (*steps, *step(inner)))
    else:
        assert isinstance(error, Exception)
        yield steps, error


def step(error: BaseException) -> Steps:
    """Return the key or index that cattrs noted on an error, if any."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (spelled(note.name),)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


@lru_cache(maxsize=1)
def converter() -> Converter:
    """Return the one converter: strict leaves, strict containers, keys in camelCase, no key unknown."""
    made = Converter(detailed_validation=True, forbid_extra_keys=True)
    for leaf, scalar in SCALARS.items():
        made.register_structure_hook(leaf, hook(scalar.read))
    made.register_structure_hook(int, lambda value, _: value)
    made.register_structure_hook_factory(dataclasses.is_dataclass, lambda cls: structured(cls, made))
    made.register_structure_hook_factory(is_generic(Mapping), lambda cls: mapped(cls, made))
    made.register_structure_hook_factory(is_generic(tuple), lambda cls: listed(cls, made))
    made.register_structure_hook_factory(is_generic(Literal), chosen)
    switchable = bool | ServiceDatabase | None
    made.register_structure_hook(switchable, lambda value, _: switched(value, made))
    placeable = MountPath | Volume | None
    made.register_structure_hook(placeable, lambda value, _: placed(value, made))
    return made


Hook = Callable[[Any, Any], Any]


def hook(read: Callable[[Any], Any]) -> Hook:
    """Return a reader as cattrs calls it, with the type."""
    return lambda value, _: read(value)


def is_generic(origin: Any) -> Callable[[Any], bool]:
    """Return whether a type is `origin[…]`."""
    return lambda cls: get_origin(cls) is origin


def switched(value: Any, made: Converter) -> Any:
    """Take true, false or the map that says more."""
    if value is None or isinstance(value, bool):
        return value
    if not isinstance(value, dict):
        raise Wrong(f"must be true, false or a map, not {kind(value)}", switch(value))
    return made.structure(value, ServiceDatabase)


def placed(value: Any, made: Converter) -> Any:
    """Take a mount path, or the map that says more of a volume."""
    if value is None or isinstance(value, dict):
        return value and made.structure(value, Volume)
    if not isinstance(value, str):
        raise Wrong(f"must be a mount path or a map, not {kind(value)}")
    return made.structure(value, MountPath)


def structured(cls: type, made: Converter) -> Hook:
    """Take a map onto a dataclass."""
    renames = {one.name: override(rename=spelled(one.name)) for one in dataclasses.fields(cls)}
    optional = all(one.default is not dataclasses.MISSING for one in dataclasses.fields(cls))
    make: Any = make_dict_structure_fn
    inner = make(cls, made, _cattrs_forbid_extra_keys=True, **renames)

    def read(value: Any, of: Any) -> Any:
        if not isinstance(value, dict):
            hint = "`{}` takes every default" if value is True and optional else None
            raise Wrong(f"must be a map, not {kind(value)}", hint=hint)
        return inner(value, of)

    return read


def mapped(cls: Any, made: Converter) -> Hook:
    """Take a map of names, each key judged as well as each value."""
    of_key, of_value = get_args(cls)

    def read(value: Any, _: Any) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise Wrong(f"must be a map, not {kind(value)}")
        result, errors = {}, []
        for each, inner in value.items():
            for value_or_key, of in ((each, of_key), (inner, of_value)):
                try:
                    result[each] = made.structure(value_or_key, of)
                except Exception as error:
                    if isinstance(error, Wrong):
                        error.of_key = of is of_key
                    error.add_note(IterableValidationNote("map", each, of_value))
                    errors.append(error)
        if errors:
            raise IterableValidationError("map", errors, cls)
        return result

    return read


def listed(cls: Any, made: Converter) -> Hook:
    """Take a list."""
    of_item = get_args(cls)[0]

    def read(value: Any, _: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise Wrong(f"must be a list, not {kind(value)}")
        result, errors = [], []
        for index, each in enumerate(value):
            try:
                result.append(made.structure(each, of_item))
            except Exception as error:
                error.add_note(IterableValidationNote("list", index, of_item))
                errors.append(error)
        if errors:
            raise IterableValidationError("list", errors, cls)
        return tuple(result)

    return read


def chosen(cls: Any) -> Hook:
    """Take one of a few words."""
    words = get_args(cls)

    def read(value: Any, _: Any) -> str:
        if string(value) not in words:
            allowed = " or ".join(words) if len(words) < 3 else f"one of {', '.join(words)}"
            raise Wrong(f"{quoted(value)}is not {allowed}", nearest(value, words))
        return str(value)

    return read
