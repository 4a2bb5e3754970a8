"""The quick look at a spec says what the careful reader says, or leaves it to that one."""

from pathlib import Path

import pytest

from asky_gitops.adapters import settings, spec, spec_outline
from asky_gitops.adapters.spec_outline import Outline
from asky_gitops.errors import AskyError
from asky_gitops.platforms import PLATFORMS
from asky_gitops.steps.build import outline

HEAD = """\
apiVersion: asky-gitops.dev/v1alpha1
kind: Stack
metadata: {name: asky}
source: {repoURL: https://git.example.org/asky/deploy.git}
services: {web: {image: example.org/web:1, port: 8000}}
"""
PLATFORM = {name: platform.DEFAULTS for name, platform in PLATFORMS.items()}


def careful(root: Path) -> Outline:
    stack = spec.load(root / "asky.yaml", PLATFORM)
    checks = stack.checks
    permits = {name: list(overlay.permits) for name, overlay in stack.overlays.items()}
    config = {"cpuLimits": checks.cpu_limits, "databases": list(checks.databases), "permits": permits}
    sql = (stack.database.migrations, stack.database.seeds) if stack.database else ()
    return Outline(tuple(stack.overlays), stack.kubernetes, config, sql=sql)


@pytest.mark.parametrize(
    "text",
    [
        "overlays: {minikube: {platform: minikube}}",
        "overlays: {b: {platform: minikube}, a: {platform: minikube}}",
        'overlays: {a: {platform: minikube}}\nkubernetes: ["1.35", "1.36"]',
        "overlays: {a: {platform: minikube}}\nchecks: {cpuLimits: optional}",
        "overlays: {a: {platform: minikube}}\nchecks: {databases: [StatefulSet/legacy]}",
        "overlays: {a: {platform: minikube}}\nchecks: {}",
        "overlays: {a: {platform: minikube, permits: [ConfigMap, batch/CronJob]}}",
    ],
)
def test_of_a_sound_spec_both_say_the_same(tmp_path: Path, text: str) -> None:
    (tmp_path / "asky.yaml").write_text(HEAD + text + "\n")
    (tmp_path / "asky.lock").write_text("images: {}\n")
    assert spec_outline.of_spec(tmp_path / "asky.yaml") == careful(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "overlays: [",
        "overlays: []",
        "overlays: {1: {platform: minikube}}",
        "overlays: {A B: {platform: minikube}}",
        "overlays: {a: {}}\nkubernetes: 1.36",
        "overlays: {a: {}}\nkubernetes: [1.36]",
        "overlays: {a: {}}\nchecks: {cpuLimit: require}",
        "overlays: {a: {}}\nchecks: {cpuLimits: never}",
        "overlays: {a: {}}\nchecks: {cpuLimits: null}",
        "overlays: {a: {}}\nchecks: {databases: Cluster/x}",
        "overlays: {a: {permits: ConfigMap}}",
        "overlays: {a: {permits: [1]}}",
        "overlays: {a: []}",
        "overlays: {a: &x {}, b: *x}",
        "overlays: {a: {}}\n---\nkind: Stack",
    ],
)
def test_what_is_not_plainly_sound_is_left_to_the_careful_reader(tmp_path: Path, text: str) -> None:
    (tmp_path / "asky.yaml").write_text(HEAD + text + "\n")
    assert spec_outline.of_spec(tmp_path / "asky.yaml") is None


def test_of_a_spec_that_breaks_the_careful_reader_says_where(tmp_path: Path) -> None:
    (tmp_path / "asky.yaml").write_text("overlays: [\n")
    with pytest.raises(AskyError) as stopped:
        outline(tmp_path)
    assert stopped.value.exit_code == 2


def test_without_a_spec_the_settings_file_counts_or_the_defaults(tmp_path: Path) -> None:
    assert outline(tmp_path) == Outline((), (), {"cpuLimits": "require", "databases": []})
    (tmp_path / ".asky-gitops.yaml").write_text("cpuLimits: forbid\ndatabases: [Pod/x]\n")
    assert outline(tmp_path) == Outline((), (), {"cpuLimits": "forbid", "databases": ["Pod/x"]})
    checks = settings.load(tmp_path, None)
    assert (checks.cpu_limits, checks.databases) == ("forbid", ("Pod/x",))
    (tmp_path / ".asky-gitops.yaml").write_text("cpuLimits: maybe\n")
    with pytest.raises(AskyError):
        outline(tmp_path)
