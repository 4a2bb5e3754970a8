"""Which `set` would make `generate` write what a person wrote by hand: tried, not guessed."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import chain, combinations
from pathlib import Path

from asky_gitops.adapters import spec_edit, spec_yaml
from asky_gitops.adapters.spec_yaml import Steps
from asky_gitops.errors import AskyError
from asky_gitops.steps.build_places import SPEC
from asky_gitops.steps.generate import as_text, planned
from asky_gitops.tree.drift import Edit, content_lines

FIELDS = {
    "image": ["image"],
    "replicas": ["replicas"],
    "containerPort": ["port"],
    "memory": ["resources.memory", "resources.memoryLimit"],
    "cpu": ["resources.cpu", "resources.cpuLimit"],
    "path": ["probes.path"],
}
"""Field of a manifest to the keys of a service it may come from. No `env`: its values are not printed."""
MOST_LINES = 4
"""A larger edit is no single setting."""


def in_spec(root: Path, edit: Edit) -> list[str]:
    """Return the assignments after which the plan holds the edited file as it is; none when there are none.

    The fewest that do it; each attempt is a spec read and planned in memory.
    """
    service = of_service(edit.path)
    if edit.after is None or service is None:
        return []
    wanted = dict(candidates(content_lines(edit.after), content_lines(edit.before)))
    text = spec_yaml.read(root / SPEC, SPEC)
    for keys in chain.from_iterable(combinations(wanted, size) for size in range(1, len(wanted) + 1)):
        values = {(*service, *key.split(".")): wanted[key] for key in keys}
        if makes(root, text, values, edit):
            return [f"{spec_edit.dotted(steps)}={spec_edit.flow(value)}" for steps, value in values.items()]
    return []


def of_service(path: str) -> Steps | None:
    """Return where the spec speaks of the service that a generated file is about."""
    if base := re.fullmatch(r"base/([^/]+)/(deployment|service)\.yaml", path):
        return ("services", base[1])
    if patch := re.fullmatch(r"overlays/([^/]+)/generated/patches/([^/]+)\.yaml", path):
        return ("overlays", patch[1], "services", patch[2])
    return None


def candidates(generated: list[str], edited: list[str]) -> Iterator[tuple[str, object]]:
    """Yield (key below the service, value) for each changed line that may come from the spec."""
    for kind, _, _, first, last in SequenceMatcher(None, generated, edited, autojunk=False).get_opcodes():
        if kind == "replace" and last - first <= MOST_LINES:
            for line in edited[first:last]:
                if field := re.fullmatch(r"[\s-]*(\w+): +([^#]+?)\s*", line):
                    value = spec_yaml.parse(field[2], SPEC).data
                    yield from ((key, value) for key in FIELDS.get(field[1], ()))


def makes(root: Path, text: str, values: dict[Steps, object], edit: Edit) -> bool:
    """Tell whether a spec with these values makes exactly the file as it was edited."""
    try:
        file = planned(root, spec_edit.edited(text, values, SPEC))[edit.path]
    except (AskyError, KeyError):
        return False
    return content_lines(as_text(file, edit.before).text) == content_lines(edit.before)
