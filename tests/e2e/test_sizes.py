"""A stack of one service and one of twenty: every object taken, every pod started, on both platforms."""

from pathlib import Path

import pytest

from tests.e2e import specs
from tests.e2e.plane import Plane
from tests.e2e.repository import Repository
from tests.e2e.rollout import apply_overlay, settled


@pytest.mark.parametrize("overlay", ["minikube", "eks"])
@pytest.mark.parametrize(
    ("files", "services"),
    [(specs.one(), {"web"}), (specs.twenty(), {f"s{number}" for number in range(20)})],
    ids=["one service", "twenty services"],
)
def test_a_stack_of_any_size_is_taken_and_starts(
    programs: Path, overlay: str, files: specs.Files, services: set[str], tmp_path: Path
) -> None:
    repository = Repository(tmp_path, programs, files)
    with Plane(programs) as plane:
        outcomes = apply_overlay(plane, repository, overlay)
        assert {root: said for root, (_, said) in outcomes.items()} == dict.fromkeys(outcomes, "")
        settled(plane, [each for objects, _ in outcomes.values() for each in objects])
        assert {each["metadata"]["name"] for each in plane.get("deployments")} == services
