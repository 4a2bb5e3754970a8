"""`build` prints what kustomize prints: held against the real program, never against a copy of it."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from asky_gitops.errors import InputError, Many
from asky_gitops.steps.build import build
from asky_gitops.steps.build_places import find_root, inside
from tests.conftest import Outcome

Invoke = Callable[..., Outcome]
Tool = Callable[[str], Path]

FILES = {
    "base/kustomization.yaml": "resources: [deployment.yaml, service.yaml]\n",
    "base/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web   # a comment
        image: example.org/web:1
        env: [{name: A, value: "on"}]
""",
    "base/service.yaml": """\
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}]}
""",
    "overlays/dev/kustomization.yaml": """\
namespace: dev
namePrefix: dev-
resources: [../../base]
configMapGenerator:
- name: settings
  literals: [MODE=dev, "EMPTY="]
patches:
- target: {kind: Deployment}
  patch: |-
    - op: add
      path: /spec/replicas
      value: 3
images:
- name: example.org/web
  newTag: "2"
""",
    "overlays/prod/kustomization.yaml": """\
buildMetadata: [originAnnotations]
sortOptions: {order: fifo}
resources: [../../base, namespace.yaml]
""",
    "overlays/prod/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n",
    "schema/kustomization.yaml": "openapi: {path: schema.json}\nresources: [../base]\n",
    "schema/schema.json": '{"definitions": {}}\n',
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a base and two overlays, and no asky.yaml."""
    root = tmp_path / "repository"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / ".git").mkdir()
    return root


def kustomize(tool: Tool, folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([tool("kustomize"), "build", folder], capture_output=True, check=False)


@pytest.mark.parametrize("folder", ["base", "overlays/dev", "overlays/prod", "schema"])
def test_the_bytes_are_kustomizes(
    repository: Path, run: Callable[..., Outcome], tool: Tool, folder: str
) -> None:
    theirs = kustomize(tool, repository / folder)
    assert theirs.returncode == 0, theirs.stderr
    for path in (folder, f"{folder}/kustomization.yaml", repository / folder):
        outcome = run("build", path, cwd=repository)
        assert (outcome.status, outcome.out.encode(), outcome.err) == (0, theirs.stdout, "")


@pytest.mark.parametrize("overlay", ["eks", "minikube"])
def test_the_worked_example_is_rendered_as_kustomize_renders_it(
    generated: Path, invoke: Invoke, tool: Tool, overlay: str
) -> None:
    theirs = kustomize(tool, generated / "overlays" / overlay)
    assert theirs.returncode == 0, theirs.stderr
    outcome = invoke("build", "--overlay", overlay, cwd=generated)
    assert (outcome.status, outcome.out.encode()) == (0, theirs.stdout)


def test_several_overlays_are_one_stream(repository: Path, invoke: Invoke, tool: Tool) -> None:
    dev, prod = (kustomize(tool, repository / "overlays" / name).stdout.decode() for name in ("dev", "prod"))
    assert invoke("build", "--overlay", "prod", "--overlay", "dev", cwd=repository).out == f"{prod}---\n{dev}"
    assert invoke("build", "--overlay", "dev", "--overlay", "dev").out == dev


def test_from_a_folder_below_the_repository_the_path_is_the_users(repository: Path, invoke: Invoke) -> None:
    here = invoke("build", ".", cwd=repository / "overlays" / "dev")
    there = invoke("build", "../dev", cwd=repository / "overlays" / "prod")
    assert here.status == 0
    assert here.out == there.out


@pytest.mark.parametrize(
    ("spoiled", "text"),
    [
        ("overlays/dev/kustomization.yaml", "resources: [../../base]\nnope: 1\n"),
        ("base/deployment.yaml", "kind: Deployment\n"),
        ("base/service.yaml", FILES["base/deployment.yaml"]),
    ],
)
def test_what_cannot_be_rendered_is_said_in_kustomizes_own_words(
    repository: Path, invoke: Invoke, tool: Tool, spoiled: str, text: str
) -> None:
    (repository / spoiled).write_text(text)
    theirs = kustomize(tool, repository / "overlays/dev")
    assert theirs.returncode == 1
    outcome = invoke("build", "overlays/dev", cwd=repository)
    assert (outcome.status, outcome.out) == (2, "")
    last = theirs.stderr.decode().strip().rpartition(": ")[2].replace(f"{repository}/", "")
    assert last in outcome.err
    assert outcome.err.startswith("error: ")


def test_a_file_that_is_not_there_is_named_with_the_line_that_asks_for_it(
    repository: Path, invoke: Invoke
) -> None:
    (repository / "overlays/dev/kustomization.yaml").write_text("resources:\n- ../../bas\n")
    outcome = invoke("build", "overlays/dev", cwd=repository)
    where = "overlays/dev/kustomization.yaml:2:3"
    assert outcome == Outcome(2, "", f"error: {where}: resources: '../../bas' does not exist\n")


def test_when_one_overlay_fails_nothing_is_printed_and_every_failure_is_named(
    repository: Path, invoke: Invoke
) -> None:
    for name in ("dev", "prod"):
        (repository / f"overlays/{name}/kustomization.yaml").write_text(f"resources: [gone-{name}.yaml]\n")
    (repository / "overlays/test").mkdir()
    (repository / "overlays/test/kustomization.yaml").write_text("resources: [../../base]\n")
    outcome = invoke("build", "--overlay", "dev", "--overlay", "test", "--overlay", "prod", cwd=repository)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.count("error: ") == 2
    assert "gone-dev.yaml" in outcome.err
    assert "gone-prod.yaml" in outcome.err


def test_an_overlay_that_does_not_exist_is_answered_with_the_nearest(
    repository: Path, invoke: Invoke
) -> None:
    outcome = invoke("build", "--overlay", "prd", cwd=repository)
    assert outcome == Outcome(2, "", 'error: there is no overlay "prd"\nhint: did you mean "prod"?\n')


def test_a_path_that_does_not_exist_is_one_line(repository: Path, invoke: Invoke) -> None:
    outcome = invoke("build", "nowhere", cwd=repository)
    assert outcome == Outcome(2, "", "error: nowhere: there is no such file or folder\n")


def test_an_unfinished_tree_is_not_rendered(repository: Path, invoke: Invoke) -> None:
    (repository / ".git/HEAD").write_text("ref: refs/heads/main\n")
    notes = repository / ".git/asky-gitops/top"
    notes.mkdir(parents=True)
    (notes / "journal").write_text("{}")
    outcome = invoke("build", "overlays/dev", cwd=repository)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith("error: an earlier run was interrupted while it wrote files\nhint: ")


def test_build_as_a_function_raises_what_the_author_can_cure(repository: Path) -> None:
    (repository / "base/service.yaml").unlink()
    with pytest.raises(Many) as stopped:
        build(repository, path="base")
    assert [type(error) for error in stopped.value.errors] == [InputError]
    assert stopped.value.exit_code == 2


def test_the_root_is_the_nearest_folder_with_a_mark(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "overlays/dev")
    assert find_root([]) == repository
    (repository / "overlays/asky.yaml").write_text("kind: Stack\n")
    assert find_root([]) == repository / "overlays"
    assert inside(repository, ".") == "overlays/dev"


def test_without_a_mark_the_root_reaches_as_far_as_the_kustomization(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (repository / ".git").rmdir()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert find_root(["../repository/overlays/dev"]) == repository
    assert find_root(["../repository/base"]) == repository / "base"
    monkeypatch.chdir(tmp_path)
    assert find_root(["repository/overlays/dev"]) == tmp_path
    with pytest.raises(InputError):
        inside(repository, "elsewhere")
