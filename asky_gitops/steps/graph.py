"""`graph`: who may talk to whom, and what the internet reaches."""

from collections.abc import Sequence
from pathlib import Path

from asky_gitops.errors import InputError
from asky_gitops.findings.connections import connections, with_arrows
from asky_gitops.model.connections import Connections
from asky_gitops.steps.build import refuse_unfinished, started
from asky_gitops.steps.check_targets import rendered


def graph(root: Path, *, overlays: Sequence[str] = ()) -> dict[str, Connections]:
    """Return the map of every target with workloads that talk, by its name.

    Raises InputError for an overlay that is none, files that cannot be rendered, or where nothing runs.
    """
    refuse_unfinished(root)
    with started() as engine:
        found = rendered(engine, root, overlays)
    drawn = with_arrows({name: connections(found[name]) for name in sorted(found)})
    if not drawn:
        raise InputError("nothing runs here: there is no workload to draw")
    return drawn
