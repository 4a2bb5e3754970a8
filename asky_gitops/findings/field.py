"""Writes the path of a field as people do: `spec.ports[0].port`."""

import re

from asky_gitops.model.finding import Path

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def dotted(path: Path) -> str:
    """Return `path` as text; a key that is no plain word is quoted: `metadata.annotations["a.b/c"]`."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
        elif PLAIN.fullmatch(part):
            written += f".{part}"
        else:
            quoted = part.replace("\\", "\\\\").replace('"', '\\"')
            written += f'["{quoted}"]'
    return written.removeprefix(".")
