"""An Application that is synced before its operators are installed waits for them; nobody has to step in."""

import re
from pathlib import Path

from tests.e2e.deployment import Deployment
from tests.e2e.plane import CRDS, KINDS, Plane, wait
from tests.e2e.repository import Repository

ARGO_CD = re.compile(r"argoproj\.io_.*")


def test_custom_resources_may_come_before_their_definitions(programs: Path, tmp_path: Path) -> None:
    repository = Repository(tmp_path, programs)
    later = [
        file
        for file in CRDS.glob("*.json")
        if KINDS.fullmatch(file.stem) and not ARGO_CD.fullmatch(file.stem)
    ]
    with Plane(programs, argocd=True, kinds=ARGO_CD) as plane:
        deployment = Deployment(plane, repository, "eks")
        deployment.bootstrap()
        wait(
            "Argo CD tries again because a kind is unknown",
            lambda: "Retrying attempt" in deployment.message(),
            why=deployment.explain,
        )
        plane.kubectl("create", *(f"--filename={file}" for file in later))
        deployment.wait_for(repository.head())
