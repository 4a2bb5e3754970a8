"""`check` on a repository that has never heard of us: no asky.yaml, several roots, other YAML beside them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Outcome, git, new_repository

Invoke = Callable[..., Outcome]

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example.org/web:1.0.0
        resources:
          limits: {memory: 64Mi, cpu: 100m}
"""
FILES = {
    "README.md": "# not ours\n",
    "apps/web/base/kustomization.yaml": "resources: [deployment.yaml]\n",
    "apps/web/base/deployment.yaml": DEPLOYMENT,
    "apps/web/overlays/dev/kustomization.yaml": "namespace: dev\nresources: [../../base]\n",
    "apps/web/overlays/prod/kustomization.yml": "namespace: prod\nresources: [../../base]\n",
    "loose/one.yaml": DEPLOYMENT.replace("web", "one"),
    "loose/two.json": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "two"}}\n',
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/values.yaml": "replicas: 1\n",
    "charts/web/templates/web.yaml": "{{- if .Values.x }}\nkind: Deployment\n{{- end }}\n",
    ".github/workflows/ci.yaml": "on: push\njobs: {}\n",
    "docker-compose.yaml": "services: {web: {image: web}}\n",
}


@pytest.fixture
def invoke(invoke: Invoke) -> Invoke:
    """Return what judges limits alone: how a repository is read does not hang on what else is asked of it."""
    return lambda verb, *given, **options: invoke(
        verb, "--rule", "missing-resource-limits", *given, **options
    )


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A git repository of somebody else's."""
    root = new_repository(tmp_path / "foreign")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "theirs")
    return root


def spoil(root: Path, name: str) -> None:
    path = root / name
    path.write_text(path.read_text().replace("limits: {memory: 64Mi, cpu: 100m}", "limits: {memory: 64Mi}"))


NOTES = [
    "note: .github/workflows/ci.yaml was not judged: configuration of a CI system",
    "note: charts/web/Chart.yaml was not judged: part of a Helm chart, which is not rendered",
    "note: charts/web/templates/web.yaml was not judged: part of a Helm chart, which is not rendered",
    "note: charts/web/values.yaml was not judged: part of a Helm chart, which is not rendered",
    "note: docker-compose.yaml was not judged: a Compose file",
]


def said(outcome: Outcome) -> list[str]:
    """Return the findings and problems of a report, one line each, and what was looked at."""
    heads = [line for line in outcome.out.splitlines() if line.startswith(("error", "warning", "  in "))]
    totals = outcome.out.splitlines()[-1].split(" · ")[1]
    return [*heads, totals.rpartition(", ")[0]]


def test_every_root_and_the_loose_manifests_are_judged_and_the_rest_is_named(
    foreign: Path, invoke: Invoke
) -> None:
    outcome = invoke("check", cwd=foreign)
    *notes, empty, totals = outcome.out.splitlines()
    assert (outcome.status, outcome.err, notes, empty) == (0, "", NOTES, "")
    assert totals.startswith("no findings · 3 targets, 4 objects, ")


def test_a_defect_of_a_base_is_reported_at_its_line_for_every_object_it_becomes(
    foreign: Path, invoke: Invoke
) -> None:
    spoil(foreign, "apps/web/base/deployment.yaml")
    spoil(foreign, "loose/one.yaml")
    outcome = invoke("check", cwd=foreign)
    assert outcome.status == 1
    found = [block.splitlines()[:2] + block.splitlines()[5:6] for block in outcome.out.split("\n\n")[:3]]
    assert found == [
        [
            "error[missing-resource-limits]: container web has no cpu limit",
            "  apps/web/base/deployment.yaml:13:9",
            "  in    apps/web/overlays/dev",
        ],
        [
            "error[missing-resource-limits]: container web has no cpu limit",
            "  apps/web/base/deployment.yaml:13:9",
            "  in    apps/web/overlays/prod",
        ],
        [
            "error[missing-resource-limits]: container one has no cpu limit",
            "  loose/one.yaml:13:9",
            "  in    .",
        ],
    ]


def test_nothing_in_the_repository_is_touched(foreign: Path, invoke: Invoke) -> None:
    spoil(foreign, "apps/web/base/deployment.yaml")
    before = {
        path: path.stat().st_mtime_ns for path in sorted(foreign.rglob("*")) if ".git" not in path.parts
    }
    invoke("check", cwd=foreign)
    assert {
        path: path.stat().st_mtime_ns for path in sorted(foreign.rglob("*")) if ".git" not in path.parts
    } == before


@pytest.mark.parametrize(
    ("paths", "looked_at"),
    [
        (["apps/web/overlays/dev"], "1 target, 1 object"),
        (["apps/web/overlays/dev/kustomization.yaml"], "1 target, 1 object"),
        (["apps/web/base", "apps/web/overlays/dev"], "2 targets, 2 objects"),
        (["apps"], "2 targets, 2 objects"),
        (["loose"], "1 target, 2 objects"),
        (["loose/two.json"], "1 target, 1 object"),
        (["loose/one.yaml", "loose/one.yaml"], "1 target, 1 object"),
        (["."], "3 targets, 4 objects"),
    ],
)
def test_a_path_says_what_is_judged(foreign: Path, invoke: Invoke, paths: list[str], looked_at: str) -> None:
    outcome = invoke("check", *paths, cwd=foreign)
    assert (outcome.status, said(outcome)) == (0, [looked_at])


def test_a_path_is_relative_to_where_the_user_stands(foreign: Path, invoke: Invoke) -> None:
    assert said(invoke("check", "overlays", cwd=foreign / "apps/web")) == ["2 targets, 2 objects"]
    assert said(invoke("check", cwd=foreign / "loose")) == ["1 target, 2 objects"]
    assert said(invoke("check", foreign / "loose", cwd=foreign.parent)) == ["1 target, 2 objects"]


def test_standard_input_is_a_target(foreign: Path, invoke: Invoke) -> None:
    outcome = invoke("check", "-", cwd=foreign, input=DEPLOYMENT.replace(", cpu: 100m", "").encode())
    assert (outcome.status, said(outcome)) == (
        1,
        ["error[missing-resource-limits]: container web has no cpu limit", "  in    -", "1 target, 1 object"],
    )
    assert "  -:13:9\n" in outcome.out


def test_strict_lets_nothing_pass_unjudged(foreign: Path, invoke: Invoke) -> None:
    (foreign / "loose/widget.yaml").write_text(
        "apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: w}\n"
    )
    assert "note: no schema is known for example.org/v1/Widget" in invoke("check", cwd=foreign).out
    outcome = invoke("check", "--strict", cwd=foreign)
    expected = [line.replace("note:", "error:") for line in NOTES]
    assert outcome.status == 2
    assert said(outcome)[:-1] == [
        "error: no schema is known for example.org/v1/Widget",
        "  in    .",
        *expected,
    ]
    assert "note:" not in outcome.out


def test_settings_stand_at_the_root(foreign: Path, invoke: Invoke) -> None:
    spoil(foreign, "loose/one.yaml")
    (foreign / ".asky-gitops.yaml").write_text("cpuLimits: optional\n")
    assert invoke("check", cwd=foreign).status == 0
    (foreign / ".asky-gitops.yaml").write_text("cpuLimit: optional\n")
    outcome = invoke("check", cwd=foreign)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith('error: .asky-gitops.yaml:1:1: unknown key "cpuLimit"')


def test_an_overlay_of_a_foreign_repository_is_a_folder_below_overlays(foreign: Path, invoke: Invoke) -> None:
    (foreign / "overlays/test").mkdir(parents=True)
    (foreign / "overlays/test/kustomization.yaml").write_text("resources: [../../apps/web/base]\n")
    assert said(invoke("check", "--overlay", "test", cwd=foreign)) == ["1 overlay, 1 object"]


def test_without_git_and_from_elsewhere_a_kustomization_still_finds_its_base(
    foreign: Path, invoke: Invoke, tmp_path: Path
) -> None:
    (foreign / ".git").rename(tmp_path / "git-is-elsewhere")
    (tmp_path / "here").mkdir()
    outcome = invoke("check", foreign / "apps/web/overlays/dev", cwd=tmp_path / "here")
    assert (outcome.status, said(outcome)) == (0, ["1 target, 1 object"])
