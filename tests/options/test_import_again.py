"""What an option says in the spec is in the render, and `import` reads it there: nothing gets lost."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.adapters.spec_cases import LOCK, MIGRATION, placed
from tests.conftest import Outcome
from tests.options.test_options import CASES, NEWER, PLAIN, SEED, over

Invoke = Callable[..., Outcome]
SQL = {"sql/seeds": SEED, "db/up": MIGRATION, "db/sample": SEED}


def repository(folder: Path) -> Path:
    """Return an empty repository with the pins."""
    (folder / ".git").mkdir(parents=True)
    (folder / "asky.lock").write_text(LOCK.replace("images:\n", f"images:\n{NEWER}"))
    return folder


def renders(invoke: Invoke, folder: Path, overlay: str) -> dict[str, str]:
    """Return what is synced for an overlay, by the root it comes from."""
    roots = [
        root for root in (f"overlays/{overlay}", f"overlays/{overlay}/platform") if (folder / root).is_dir()
    ]
    return {root: invoke("build", root, cwd=folder).out for root in roots}


@pytest.mark.parametrize("overlay", ["minikube", "eks"])
@pytest.mark.parametrize("option", sorted(CASES))
def test_an_import_of_what_was_generated_generates_the_same(
    tmp_path: Path, invoke: Invoke, option: str, overlay: str
) -> None:
    first, again = repository(tmp_path / "first"), repository(tmp_path / "again")
    placed(first, json.dumps(over(PLAIN, CASES[option])))
    (first / "asky.lock").write_text((again / "asky.lock").read_text())
    for path, text in SQL.items():
        (first / path).mkdir(parents=True)
        (first / path / "0001_first.sql").write_text(text)
    assert invoke("generate", cwd=first).status == 0
    before = renders(invoke, first, overlay)
    assert all(before.values())
    (tmp_path / "manifests").mkdir()
    for number, render in enumerate(before.values()):
        (tmp_path / "manifests" / f"{number}.yaml").write_text(render)

    assert invoke("import", tmp_path / "manifests", cwd=again).status == 0

    assert invoke("generate", cwd=again).status == 0
    assert renders(invoke, again, overlay) == before
