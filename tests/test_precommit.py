import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import git, new_repository
from tests.test_packaging import source_tree

EXPOSE = """\
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target: {kind: Service, name: postgres}
    patch: |-
      - op: add
        path: /spec/type
        value: LoadBalancer
"""


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a git repository with everything of this checkout: what a user's configuration names."""
    repository = new_repository(source_tree(tmp_path_factory.mktemp("hooks") / "asky-gitops"))
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "everything")
    return repository


def commit(repository: Path, message: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Commit with git itself: the hook then runs as git runs it, with GIT_INDEX_FILE and others set."""
    git(repository, "add", "--all")
    command = ["git", "commit", "--quiet", "--message", message]
    return subprocess.run(
        command, cwd=repository, env=environment, capture_output=True, text=True, check=False
    )


def test_pre_commit_refuses_a_bad_commit_and_lets_a_good_one_through(
    hooks: Path, asky: Path, tmp_path: Path
) -> None:
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache")}
    revision = git(hooks, "rev-parse", "HEAD").strip()
    (asky / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks.as_uri()}\n  rev: {revision}\n  hooks: [{{id: asky-gitops-check}}]\n"
    )
    git(asky, "config", "--unset", "core.hooksPath")
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=asky, env=environment, check=True)

    good = commit(asky, "check every commit", environment)
    assert good.returncode == 0, good.stdout + good.stderr
    before = git(asky, "rev-parse", "HEAD")

    (asky / "overlays" / "minikube" / "custom" / "kustomization.yaml").write_text(EXPOSE)
    bad = commit(asky, "open the database for a minute", environment)
    assert bad.returncode == 1
    assert "error[exposed-database]: the internet can reach a database" in bad.stderr + bad.stdout
    assert git(asky, "rev-parse", "HEAD") == before
