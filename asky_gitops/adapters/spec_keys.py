"""How a key of the spec is declared, and how it is spelled."""

from dataclasses import field
from typing import Any

SPELLING = {"repo_url": "repoURL", "class_name": "class", "readonly_url": "readonlyURL", "origin": "from"}
"""Fields whose key is not their own name in camelCase."""


def spelled(name: str) -> str:
    """Return the key of a field: `cpu_limit` is `cpuLimit`."""
    first, *rest = name.split("_")
    return SPELLING.get(name) or first + "".join(word.capitalize() for word in rest)


def key(description: str, *, default: str | None = None) -> Any:
    """A key that may be left out; `default` is its entry in model/defaults.py."""
    return field(default=None, metadata={"description": description, "default": default})


def required(description: str) -> Any:
    """A key that must be there."""
    return field(metadata={"description": description})
