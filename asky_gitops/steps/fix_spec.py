"""The part of `fix` that mends a generated file by what it is generated from: asky.yaml."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from asky_gitops.adapters import spec_edit, spec_yaml
from asky_gitops.adapters.spec_yaml import Located, Steps
from asky_gitops.errors import AskyError
from asky_gitops.findings.fixes import Setting, settings_for
from asky_gitops.model.finding import Finding
from asky_gitops.steps.build_places import SPEC
from asky_gitops.steps.generate import generate
from asky_gitops.tree import layout

Contents = dict[str, bytes | None]
"""Files as they were before; None for one that was not there."""


def attempts(root: Path, finding: Finding) -> list[str]:
    """Return the texts of asky.yaml that may close a finding, the one that changes what is there first."""
    try:
        text = spec_yaml.read(root / SPEC, SPEC)
        located = spec_yaml.parse(text, SPEC)
    except AskyError:
        return []
    texts = []
    for setting in settings_for(finding):
        for steps in _homes(located, finding, setting):
            try:
                texts.append(spec_edit.edited(text, {steps: setting.value}, SPEC))
            except AskyError:
                # An anchor that others use: the next place may do.
                continue
    return [each for each in dict.fromkeys(texts) if each != text]


def regenerated(root: Path, text: str) -> Contents | None:
    """Write another asky.yaml and what it makes; return what was there before, None where that cannot be."""
    path = root / SPEC
    before = path.read_bytes()
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    path.write_bytes(mark + text.encode())
    try:
        result = generate(root)
    except AskyError:
        path.write_bytes(before)
        return None
    was: Contents = {
        one.path: None if one.before is None else one.before.encode("utf-8", "surrogateescape")
        for one in result.differences
    }
    return {SPEC: before, **was}


def restore(root: Path, was: Contents) -> None:
    """Take back what was written."""
    for name, content in was.items():
        if content is None:
            (root / name).unlink(missing_ok=True)
        else:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)


def _homes(located: Located, finding: Finding, setting: Setting) -> Iterator[Steps]:
    """Yield where the setting may stand: where the spec says something already, the strongest first."""
    scopes = list(_scopes(located.data, finding, setting))
    homes = [(*scope, *setting.key) for scope in scopes]
    yield from (home for home in homes if home in located.values)
    if homes and not setting.there:
        yield from (home for home in homes if "defaults" not in home)


def _scopes(data: Any, finding: Finding, setting: Setting) -> Iterator[Steps]:
    """Yield whose key it is: what an overlay says of it, then what holds for all of them."""
    assert finding.location is not None
    overlay, subject = layout.about(finding.location.file)
    if setting.of == "overlay":
        if overlay:
            yield ("overlays", overlay)
        yield ()
        return
    for service in _services(data, subject, setting):
        if overlay:
            yield from (("overlays", overlay, "services", service), ("overlays", overlay, "defaults"))
        if not overlay or setting.of == "public":
            yield from (("services", service), ("defaults",))


def _services(data: Any, subject: str | None, setting: Setting) -> list[str]:
    if setting.of == "public":
        services = data.get("services") if isinstance(data, dict) else None
        return [
            str(name)
            for name, one in (services.items() if isinstance(services, dict) else ())
            if isinstance(one, dict) and one.get(setting.key[0])
        ]
    return [subject] if subject else []
