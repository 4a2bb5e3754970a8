"""An Application that is synced before its operators are installed waits for them; nobody has to step in."""

import shutil
from pathlib import Path

from tests.e2e.deployment import Deployment
from tests.e2e.plane import CRDS, Plane, wait
from tests.e2e.repository import Repository


def test_custom_resources_may_come_before_their_definitions(programs: Path, tmp_path: Path) -> None:
    own, later = tmp_path / "argocd", tmp_path / "later"
    for folder in (own, later):
        folder.mkdir()
    for file in CRDS.glob("*.json"):
        shutil.copy(file, own if file.name.startswith("argoproj.io_") else later)
    repository = Repository(tmp_path, programs)
    with Plane(programs, argocd=True, crds=own) as plane:
        deployment = Deployment(plane, repository, "eks")
        deployment.bootstrap()
        wait(
            "Argo CD tries again because a kind is unknown",
            lambda: "Retrying attempt" in deployment.message(),
            why=deployment.explain,
        )
        plane.kubectl("create", "-f", str(later))
        deployment.wait_for(repository.head())
