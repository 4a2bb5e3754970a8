"""`doctor` where there is no cluster; what it says of a real one is in tests/e2e/test_up.py."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome

Run = Callable[..., Outcome]
TOOLS = """\
here
  asky-gitops  0.0
  kustomize    v0.0
  opa          0.0
  schemas      0.0
  git          0.0
  kubectl      not installed; up and down need it
"""
MINIKUBE = """\
  minikube     not installed; the bootstrap page uses it
to start one: minikube start --cni=calico --addons=ingress,metrics-server
"""
EKS = """\
  eksctl       not installed; the bootstrap page uses it
  aws          not installed; the bootstrap page uses it
  argocd       not installed; the bootstrap page uses it
  jq           not installed; the bootstrap page uses it
secrets at the provider
  asky/prod/auth           could not tell: property JWT_KEY, not read yet
  asky/prod/auth-db        could not tell: property password, not read yet
  asky/prod/migrations-db  could not tell: property password, not read yet
  asky/prod/pyxis-db       could not tell: property password, not read yet
  asky/prod/requests-db    could not tell: property password, not read yet
    remedy: make each at the provider: docs/bootstrap/eks.md, Secrets
to start one: eksctl create cluster --config-file=docs/bootstrap/eks-eksctl.yaml
"""
NO_KUBECTL = "error: kubectl is not installed or not on PATH\n"


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """Return an environment in which git is the only program."""
    git = shutil.which("git")
    assert git
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(git)
    return {"PATH": os.fspath(tmp_path / "bin")}


def plain(text: str) -> str:
    """Return an output with every version as 0.0."""
    return re.sub(r"(?<= )(v?)\d+\.\d+(\.\d+)?$", r"\g<1>0.0", text, flags=re.MULTILINE)


def test_the_tools_that_are_here(stack: Path, run: Run, bare: dict[str, str]) -> None:
    said = run("doctor", cwd=stack, env=bare)
    assert (said.status, plain(said.out), said.err) == (
        0,
        f"{TOOLS}next: asky-gitops doctor --overlay NAME\n",
        "",
    )


@pytest.mark.parametrize(("overlay", "rest"), [("minikube", MINIKUBE), ("eks", EKS)])
def test_without_kubectl_the_cluster_is_not_asked_and_that_is_3(
    stack: Path, run: Run, bare: dict[str, str], overlay: str, rest: str
) -> None:
    said = run("doctor", "--overlay", overlay, cwd=stack, env=bare)
    assert (said.status, plain(said.out), said.err) == (3, TOOLS + rest, NO_KUBECTL)


def test_on_a_terminal_with_marks(stack: Path, terminal: Run, bare: dict[str, str]) -> None:
    said = terminal("doctor", cwd=stack, env=bare)
    assert "  \x1b[32m✓\x1b[0m git          " in said.out
    assert "  \x1b[34m·\x1b[0m kubectl      not installed; up and down need it\n" in said.out


def test_outside_of_a_repository_the_tools_are_looked_at_too(
    tmp_path: Path, run: Run, bare: dict[str, str]
) -> None:
    said = run("doctor", cwd=tmp_path, env=bare)
    assert (said.status, plain(said.out).startswith(TOOLS)) == (0, True)


def test_an_overlay_that_is_not_there_is_named(stack: Path, run: Run, bare: dict[str, str]) -> None:
    for verb in (["doctor"], ["up"], ["down", "--yes"]):
        assert run(*verb, "--overlay", "minicube", cwd=stack, env=bare) == Outcome(
            2, "", 'error: there is no overlay "minicube"\nhint: did you mean "minikube"?\n'
        )


def test_up_and_down_without_kubectl_are_3(stack: Path, run: Run, bare: dict[str, str]) -> None:
    for verb in (["up"], ["down", "--yes"]):
        assert run(*verb, "--overlay", "minikube", cwd=stack, env=bare) == Outcome(3, "", NO_KUBECTL)
