"""Argo CD looks again when a file changes that the render reads: its paths hold kustomize's whole closure."""

from pathlib import Path

import pytest

from asky_gitops.steps.build import kustomization, started
from asky_gitops.steps.generate import load
from asky_gitops.tree import layout, watched


@pytest.mark.parametrize("overlay", ["eks", "minikube"])
@pytest.mark.parametrize("part", ["", "/platform"])
def test_an_application_watches_every_file_that_its_render_reads(
    stack: Path, overlay: str, part: str
) -> None:
    entry = stack / "overlays" / overlay / "kustomization.yaml"
    entry.write_text(f"{entry.read_text('utf-8')}patches:\n- path: mine.yaml\n", "utf-8")
    mine = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: auth\nspec:\n  minReadySeconds: 1\n"
    (entry.parent / "mine.yaml").write_text(mine, "utf-8")
    root = f"overlays/{overlay}{part}"
    with started() as engine:
        (answer,) = engine.build(stack, [kustomization(root)])
    application = watched.applications(layout.plan(load(stack)).files)[root]
    assert len(answer.target.closure) > 3
    assert watched.unwatched(application, answer.target.closure) == []
    assert watched.unwatched(application, ["base/x.yaml", "shared/x.yaml"]) == (
        ["base/x.yaml", "shared/x.yaml"] if part else ["shared/x.yaml"]
    )


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("/base/a.yaml", "/base", True),
        ("/based/a.yaml", "/base", False),
        ("/overlays/eks/a.yaml", "/overlays/eks/*", True),
        ("/overlays/eks/platform/a.yaml", "/overlays/eks/*", False),
        ("/a.yaml", "/a.yaml", True),
    ],
)
def test_a_folder_stands_for_all_below_it_and_a_star_reaches_into_none(
    path: str, pattern: str, expected: bool
) -> None:
    assert watched.fits(path, pattern) is expected
