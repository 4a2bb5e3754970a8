"""Read `asky.lock`: the pins, each judged as strictly as a value of the spec."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from asky_gitops.adapters import spec_yaml
from asky_gitops.adapters.spec_leaves import Scalar, Wrong, name, nearest, text
from asky_gitops.adapters.spec_scalars import SCALARS, Image
from asky_gitops.errors import AskyError, InputError, Many
from asky_gitops.model.lock import Lock

LOCK = "asky.lock"
SEMVER = r"v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?"
SECTIONS: Mapping[str, Scalar] = {
    "images": SCALARS[Image],
    "charts": text(
        rf"https://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~-]+)*/[a-z0-9-]+:{SEMVER}",
        "a chart such as https://charts.example.org/name:1.2.3",
        512,
    ),
    "tools": text(SEMVER, "a version such as v1.2.3", 64),
}
"""What the file holds, and the form of a pin in each part."""
EXPLAINED = {"images": "purpose to image", "charts": "name to chart", "tools": "program to version"}


def read(root: Path, errors: list[AskyError]) -> Lock:
    """Return what the lock beside `asky.yaml` pins; note what is wrong with it."""
    try:
        content = spec_yaml.read(root / LOCK, LOCK)
    except InputError as error:
        hint = (
            "`asky-gitops init` in an empty folder writes one to copy"
            if error.message == "not found"
            else error.hint
        )
        errors.append(InputError(error.message, error.where, hint))
        return Lock()
    return parsed(content, LOCK, errors)


def parsed(content: str, file: str, errors: list[AskyError]) -> Lock:
    """Return the pins of a lock's text; note what is wrong with it."""
    try:
        located = spec_yaml.parse(content, file)
    except Many as many:
        errors.extend(many.errors)
        return Lock()
    except InputError as error:
        errors.append(error)
        return Lock()
    data = located.data if isinstance(located.data, dict) else {}
    if not isinstance(data.get("images"), dict):
        errors.append(InputError("needs `images:`, a map of purpose to image", f"{file}:1:1"))
        return Lock()
    for section in data:
        if section not in SECTIONS:
            near = nearest(str(section), list(SECTIONS))
            meant = f'; did you mean "{near}"?' if near else ""
            where = located.where(located.key((section,)))
            errors.append(InputError(f"unknown part {name(str(section))}{meant}", where))
    return Lock(**{section: pins(section, located, errors) for section in SECTIONS})


def pins(section: str, located: spec_yaml.Located, errors: list[AskyError]) -> dict[str, str]:
    """Return the pins of one part of the file; a part that is not there pins nothing."""
    said = located.data.get(section)
    if said is None:
        return {}
    if not isinstance(said, dict):
        where = located.where(located.value((section,)))
        errors.append(InputError(f"{section} must be a map of {EXPLAINED[section]}", where))
        return {}
    return {key: pinned(section, key, value, located, errors) for key, value in said.items()}


def pinned(section: str, key: str, value: Any, located: spec_yaml.Located, errors: list[AskyError]) -> str:
    """Return one pin; note one that is not of its form."""
    try:
        return judged(section, key, value)
    except Wrong as wrong:
        errors.append(
            InputError(f"{key} {wrong.text}", located.where(located.value((section, key))), wrong.hint)
        )
        return ""


def judged(section: str, key: str, value: Any) -> str:
    """Return a pin of one part; raise `Wrong` for one that is not of its form, or is another chart's."""
    pin = str(SECTIONS[section].read(value))
    if section == "charts" and pin.rpartition("/")[2].partition(":")[0] != key:
        raise Wrong("names another chart", hint=f"the last part of its address is {name(key)}")
    return pin


def missing(found: Mapping[str, str], wanted: list[str]) -> list[AskyError]:
    """Return an error for each image that the stack needs and the lock does not name."""
    hint = "`asky-gitops upgrade` adds it where this version knows it, `--set images.{}=…` any other"
    return [
        InputError(f'names no image "{one}"', LOCK, hint.format(one))
        for one in wanted
        if found and one not in found
    ]
