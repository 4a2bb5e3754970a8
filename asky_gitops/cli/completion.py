"""What a shell offers for half a word, beyond verbs and flags: the overlays that are here, and the rules."""

from contextlib import suppress

import click

from asky_gitops.errors import AskyError


def overlays(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the overlays that begin so; none outside a stack."""
    from asky_gitops.steps.build import folders
    from asky_gitops.steps.build_places import find_root

    with suppress(AskyError, OSError):
        return [name for name in folders(find_root([]) / "overlays") if name.startswith(incomplete)]
    return []


def rules(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Return the rules that begin so."""
    from asky_gitops.steps.rules import names

    return [name for name in names() if name.startswith(incomplete)]
