"""What Argo CD is told of a render: waves, hooks, projects, and what it may never take away."""

import pytest

from asky_gitops.tree import layout
from tests.tree.test_rendered import BUILT_IN, OVERLAYS, ROOTS, Build, Manifest, full

WAVES = {
    "minikube": {
        -5: {"ConfigMap", "Namespace", "NetworkPolicy", "Role", "RoleBinding", "ServiceAccount"},
        -4: {"Job secrets"},
        -3: {"Service postgres", "Service postgres-headless", "StatefulSet"},
        -2: {"Job postgres-roles"},
        -1: {"Job migrations"},
        0: {"Job seeds"},
        1: {"Deployment", "Service"},
        2: {"HorizontalPodAutoscaler", "Ingress", "PodDisruptionBudget"},
    },
    "eks": {
        -5: {"ConfigMap", "Namespace", "NetworkPolicy", "SecretStore", "ServiceAccount"},
        -4: {"ExternalSecret"},
        -3: {"Cluster", "Service postgres"},
        -1: {"Job migrations"},
        1: {"Deployment", "Service"},
        2: {"HorizontalPodAutoscaler", "Ingress", "PodDisruptionBudget"},
    },
}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_object_says_its_wave_and_every_job_is_a_hook(build: Build, overlay: str) -> None:
    waves: dict[int, set[str]] = {}
    for manifest in build(full(), f"overlays/{overlay}"):
        kind, name = manifest["kind"], manifest["metadata"]["name"]
        annotations = manifest["metadata"]["annotations"]
        if kind == "Job":
            assert annotations["argocd.argoproj.io/hook"] == "Sync"
            assert annotations["argocd.argoproj.io/hook-delete-policy"] == "BeforeHookCreation"
            assert manifest["spec"]["activeDeadlineSeconds"] <= 900
        full_name = (
            f"{kind} {name}" if kind == "Job" or (name.startswith("postgres") and kind == "Service") else kind
        )
        waves.setdefault(int(annotations["argocd.argoproj.io/sync-wave"]), set()).add(full_name)
    assert dict(sorted(waves.items())) == WAVES[overlay]


@pytest.mark.parametrize("root", ROOTS)
def test_the_project_lists_exactly_the_kinds_and_namespaces_of_the_render(build: Build, root: str) -> None:
    stack = full()
    rendered = build(stack, root)
    _, overlay, *part = root.split("/")
    name = "platform-project" if part else "project"
    files = {file.path: file.content for file in layout.plan(stack).files}
    content = files[f"argocd/{overlay}/{name}.yaml"]
    assert isinstance(content, list)
    spec = content[0]["spec"]

    def kind(made: Manifest) -> tuple[str, str]:
        return made["apiVersion"].rpartition("/")[0], made["kind"]

    inside = [made for made in rendered if "namespace" in made["metadata"]]
    outside = [made for made in rendered if "namespace" not in made["metadata"]]
    listed = [(entry["group"], entry["kind"]) for entry in spec["namespaceResourceWhitelist"]]
    assert listed == sorted({kind(made) for made in inside})
    assert [
        (entry["group"], entry["kind"], entry["name"]) for entry in spec["clusterResourceWhitelist"]
    ] == sorted((*kind(made), made["metadata"]["name"]) for made in outside)
    spaces = {destination["namespace"] for destination in spec["destinations"]}
    assert spaces == {made["metadata"]["namespace"] for made in inside}
    assert spec["namespaceResourceBlacklist"] == [{"group": "", "kind": "Secret"}]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_what_holds_data_is_never_pruned_and_custom_resources_may_arrive_before_their_definition(
    build: Build, overlay: str
) -> None:
    for manifest in build(full(), f"overlays/{overlay}"):
        options = manifest["metadata"]["annotations"].get("argocd.argoproj.io/sync-options", "")
        if manifest["kind"] in {"Cluster", "Namespace", "StatefulSet"}:
            assert "Delete=false,Prune=false" in options
        custom = not BUILT_IN.fullmatch(manifest["apiVersion"])
        assert ("SkipDryRunOnMissingResource=true" in options) == custom
