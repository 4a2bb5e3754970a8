"""A generated file becomes the user's own and stays so until it is given back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.steps.generate import generate
from tests.conftest import Outcome
from tests.small_stack import change, write_small_stack

Invoke = Callable[..., Outcome]
AUTH = "base/auth/deployment.yaml"
KEPT = "# Kept by hand: asky-gitops leaves this file alone.\n"


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """A generated small stack without git."""
    write_small_stack(tmp_path)
    generate(tmp_path)
    return tmp_path


def test_an_edited_file_is_kept_as_it_is_and_given_back_again(stack: Path, invoke: Invoke) -> None:
    fresh = (stack / AUTH).read_text()
    change(stack, AUTH, "kind: Deployment", "kind: DaemonSet")
    edited = (stack / AUTH).read_text()

    assert invoke("eject", "auth/deployment.yaml", cwd=stack / "base") == Outcome(
        0,
        f"  yours from now on  {AUTH}\n"
        f"  next: edit it · to give it back: asky-gitops generate --overwrite {AUTH}\n",
        "",
    )
    assert (stack / AUTH).read_text() == KEPT + "".join(edited.splitlines(keepends=True)[2:])
    assert invoke("generate", cwd=stack).out.splitlines()[0].endswith("unchanged, 1 kept by hand")

    assert invoke("generate", "--overwrite", AUTH, cwd=stack).status == 0
    assert (stack / AUTH).read_text() == fresh


def test_on_a_terminal_it_says_the_same(stack: Path, terminal: Invoke) -> None:
    page = "docs/bootstrap/minikube.md"
    assert terminal("eject", page, cwd=stack) == Outcome(
        0,
        f"  yours from now on  {page}\n"
        f"  next: edit it · to give it back: asky-gitops generate --overwrite {page}\n",
        "",
    )
    assert (
        (stack / page).read_text().startswith("<!-- Kept by hand: asky-gitops leaves this file alone. -->\n")
    )


def test_a_dry_run_and_a_second_time_change_nothing(stack: Path, invoke: Invoke) -> None:
    before = (stack / AUTH).read_bytes()
    assert invoke("eject", "--dry-run", AUTH, cwd=stack) == Outcome(
        0, f"  would be yours     {AUTH}\n  nothing was written · next: the same without --dry-run\n", ""
    )
    assert (stack / AUTH).read_bytes() == before
    invoke("eject", AUTH, cwd=stack)
    kept = (stack / AUTH).read_bytes()
    assert invoke("eject", AUTH, cwd=stack).out.startswith(f"  was yours already  {AUTH}\n")
    assert (stack / AUTH).read_bytes() == kept


def test_windows_line_ends_stay(stack: Path, invoke: Invoke) -> None:
    lines = (stack / AUTH).read_bytes().split(b"\n")
    (stack / AUTH).write_bytes(b"\r\n".join(lines))
    assert invoke("eject", AUTH, cwd=stack).status == 0
    assert (stack / AUTH).read_bytes() == b"\r\n".join([KEPT.strip().encode(), *lines[2:]])


def test_what_is_not_generated_is_refused_and_nothing_is_written(stack: Path, invoke: Invoke) -> None:
    before = (stack / AUTH).read_bytes()
    said = invoke(
        "eject", AUTH, "asky.yaml", "overlays/minikube/kustomization.yaml", "base/gone.yaml", cwd=stack
    )
    assert said == Outcome(
        2,
        "",
        "error: asky.yaml: is not a generated file: it is yours already\n"
        "error: overlays/minikube/kustomization.yaml: is shared: all keys of it but three are yours already\n"
        "error: base/gone.yaml: there is no such file\n"
        "nothing was written\n",
    )
    assert (stack / AUTH).read_bytes() == before
