"""What a stack renders, before any of it has a file name: base, and each overlay's additions and patches."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from asky_gitops.components import COMPONENTS, names
from asky_gitops.components.migrations import sql_files
from asky_gitops.errors import InputError
from asky_gitops.model.manifest import Manifest
from asky_gitops.model.stack import Overlay, Stack
from asky_gitops.platforms import PLATFORMS, Parts, Platform
from asky_gitops.tree import patches


@dataclass(frozen=True)
class View:
    """One overlay, worked out."""

    overlay: Overlay
    platform: Platform
    stack: Stack
    """The stack as the overlay sees it."""
    added: Parts
    """What the overlay adds to base, by folder; "services" is what its view of base adds."""
    patched: dict[str, list[Manifest]]
    """Patches of base by the service or component they belong to."""
    rendered: list[Manifest]
    """Every object of ours in the overlay's render, ConfigMaps of SQL excepted."""
    sql: list[str]
    """Folders of SQL the overlay renders: the seeds only where it wants them."""


def parts_of_base(stack: Stack) -> Iterator[tuple[str, str, list[Manifest]]]:
    """Yield component, folder and manifests: a folder a service, one for each other component."""
    for component, make in COMPONENTS.items():
        folders: dict[str, list[Manifest]] = {}
        for manifest in make(stack):
            folders.setdefault(owner(manifest) if component == "services" else component, []).append(manifest)
        for folder, manifests in folders.items():
            yield component, folder, manifests


def base(stack: Stack) -> list[Manifest]:
    """Return the manifests of base."""
    return [manifest for _, _, manifests in parts_of_base(stack) for manifest in manifests]


def owner(manifest: Manifest) -> str:
    """Return the service or component a manifest belongs to."""
    return str(manifest["metadata"]["labels"]["app.kubernetes.io/name"])


def view(stack: Stack, overlay: Overlay) -> View:
    """Work out one overlay; raises InputError for an unknown platform, a missing setting or a clash."""
    if overlay.platform not in PLATFORMS:
        raise InputError(
            f'overlays.{overlay.name}.platform: "{overlay.platform}" is not one of {", ".join(PLATFORMS)}',
            where="asky.yaml",
        )
    seen = replace(stack, services=overlay.services, database=overlay.database, monitoring=overlay.monitoring)
    parts = PLATFORMS[overlay.platform].overlay(seen, overlay)
    rendered = [*base(seen), *flat(parts)]
    refuse_clashes(seen, rendered, f"overlays.{overlay.name}")
    added, patched = changes(base(stack), base(seen))
    return View(
        overlay=overlay,
        platform=PLATFORMS[overlay.platform],
        stack=seen,
        added={**parts, "services": added},
        patched=patched,
        rendered=rendered,
        sql=sql_folders(seen, overlay),
    )


def flat(parts: Parts) -> list[Manifest]:
    """Return the manifests of every folder."""
    return [manifest for manifests in parts.values() for manifest in manifests]


def changes(
    before: list[Manifest], after: list[Manifest]
) -> tuple[list[Manifest], dict[str, list[Manifest]]]:
    """Return the manifests that only `after` has, and patches by owner that make the rest equal."""
    old = {patches.identity(manifest): manifest for manifest in before}
    new = {patches.identity(manifest): manifest for manifest in after}
    patched: dict[str, list[Manifest]] = {}
    for identity, manifest in old.items():
        wanted = new.get(identity)
        patch = patches.patch(manifest, wanted) if wanted else patches.deletion(manifest)
        if patch:
            patched.setdefault(owner(manifest), []).append(patch)
    return [manifest for identity, manifest in new.items() if identity not in old], patched


def sql_folders(stack: Stack, overlay: Overlay) -> list[str]:
    """Return the folders of SQL an overlay renders."""
    if stack.database is None:
        return []
    wanted = [stack.database.migrations, *([stack.database.seeds] if overlay.seeds else [])]
    return [folder for folder in wanted if sql_files(stack, folder)]


def refuse_clashes(stack: Stack, manifests: list[Manifest], where: str) -> None:
    """Raise InputError when two parts would be one object, or one Secret that is made outside git."""
    identities = [f'{kind} "{name}"' for _, kind, name in map(patches.identity, manifests)]
    users = [names.login_secret(service.name) for service in names.database_users(stack)]
    own = [service.name for service in stack.services.values() if service.secrets]
    secrets = [f'Secret "{name}"' for name in [*users, *own]]
    twice = [what for what, count in Counter([*identities, *secrets]).items() if count > 1]
    if twice:
        raise InputError(
            f"{where}: two parts of the stack want the {twice[0]}",
            where="asky.yaml",
            hint="give the service another name",
        )
