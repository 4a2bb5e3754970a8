"""What looks like a secret stays where it was: nothing that is written down holds it."""

from collections.abc import Mapping
from typing import Any

from asky_gitops.adopt.found import slug
from asky_gitops.findings.redact import joined, secretive, spans

STAND_IN = "REPLACE-SECRET"
"""Written where a text held a value; `commit` refuses it in the spec."""


def withheld(text: str) -> str:
    """Return a text with every value that looks secret replaced."""
    parts, position = [], 0
    for start, end in joined(spans(text)):
        parts += [text[position:start], STAND_IN]
        position = end
    return "".join([*parts, text[position:]])


def looks_secret(name: str, value: str) -> bool:
    """Tell a variable whose literal value is probably a secret."""
    return bool(value) and "$(" not in value and (secretive(name) or bool(spans(value)))


def without_values(container: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """Return a container whose secret literals are read from a Secret named like its owner."""
    made = dict(container)
    if container.get("env"):
        made["env"] = [referred(one, owner) for one in container["env"]]
    for key in ("command", "args"):
        if container.get(key):
            made[key] = [withheld(str(part)) for part in container[key]]
    return made


def referred(one: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """Return one entry of `env`, a secret literal as a reference."""
    if not looks_secret(str(one["name"]), str(one.get("value") or "")):
        return dict(one)
    return {"name": one["name"], "valueFrom": {"secretKeyRef": {"name": slug(owner), "key": one["name"]}}}
