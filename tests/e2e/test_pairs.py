"""Every pair of settings (tests/matrix) is taken by the API server, strictly and without a warning."""

from pathlib import Path

import pytest

from tests.e2e.plane import STRICT, Plane, dump
from tests.e2e.rollout import apply_namespaces
from tests.matrix.layouts import LAYOUTS
from tests.matrix.pairs import Loader, axes, rows, write


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_pair_of_settings_is_taken(programs: Path, tmp_path: Path, name: str) -> None:
    """Nothing is kept (`--dry-run=server`): each object passes validation, definitions and admission."""
    loader = Loader(tmp_path / "spec", LAYOUTS[name])
    stacks, _ = rows(loader, axes(loader))
    said = {}
    with Plane(programs) as plane:
        for number, stack in enumerate(stacks):
            write(stack, tmp_path / f"rows/{number}")
            for overlay in stack.overlays:
                for root in (f"overlays/{overlay}/platform", f"overlays/{overlay}"):
                    folder = tmp_path / f"rows/{number}" / root
                    if not folder.exists():
                        continue
                    objects = plane.render(folder)
                    apply_namespaces(plane, objects)
                    done = plane.try_kubectl(*STRICT, "--dry-run=server", input=dump(*objects))
                    said[f"{number} {root}"] = (done.returncode, done.stderr)
    assert len(stacks) > 1
    assert said == dict.fromkeys(said, (0, ""))
