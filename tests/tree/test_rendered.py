"""What Argo CD would sync: both overlays built by the real kustomize, and every trap looked for in them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import kubernetes_validate
import pytest

from asky_gitops.model.stack import Autoscale, Egress, Secret, Stack
from asky_gitops.model.workload import Volume
from asky_gitops.tree import layout
from tests.stacks import asky, eks, minikube, service, with_overlays
from tests.tree.conftest import Rendered

Build = Callable[[Stack, str], Rendered]
Manifest = dict[str, Any]
OVERLAYS = ("minikube", "eks")
ROOTS = [f"overlays/{name}{part}" for name in OVERLAYS for part in ("", "/platform")]
BUILT_IN = re.compile(r"v1|apps/v1|batch/v1|policy/v1|autoscaling/v2|[a-z.]+\.k8s\.io/v1")


def full() -> Stack:
    """Return a stack that uses everything a service can ask for."""
    stack = asky()
    changes: dict[str, dict[str, Any]] = {
        "gateway": {"config": {"gateway.conf": "bind = on\n"}, "image_pull_secrets": ("ghcr",)},
        "auth": {
            "egress": (Egress("0.0.0.0/0", 587),),
            "volumes": {"tmp": Volume("/tmp", "1Gi", False)},
            "autoscale": Autoscale(2, 4, 70),
        },
        "pyxis": {"secrets": {"TOKEN": Secret(generate=None, remote="token", property=None)}},
    }
    services = {name: replace(one, **changes.get(name, {})) for name, one in stack.services.items()}
    return with_overlays(replace(stack, services=services))


def templates(rendered: Rendered) -> Iterator[tuple[Manifest, Manifest]]:
    """Yield every workload with its pod template."""
    for manifest in rendered:
        if isinstance(template := manifest.get("spec", {}).get("template"), dict) and "spec" in template:
            yield manifest, template


def containers(spec: Manifest) -> list[Manifest]:
    return [*spec["containers"], *spec.get("initContainers", [])]


def strings(value: Any) -> Iterator[str]:
    """Yield every string inside plain data, keys left out."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("root", ROOTS)
def test_every_object_fits_the_schemas_of_every_version_the_stack_is_for(build: Build, root: str) -> None:
    stack = full()
    checked = 0
    for manifest in build(stack, root):
        if BUILT_IN.fullmatch(manifest["apiVersion"]):
            for version in stack.kubernetes:
                kubernetes_validate.validate(manifest, version, strict=True)
            checked += 1
    assert checked > 3


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_of_the_stack_meets_pod_security_restricted(build: Build, overlay: str) -> None:
    """kubernetes.io, "Pod Security Standards"; a read-only root file system is our own addition."""
    allowed = {"configMap", "emptyDir", "projected", "secret", "name"}
    for manifest, template in templates(build(full(), f"overlays/{overlay}")):
        spec, name = template["spec"], manifest["metadata"]["name"]
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["runAsUser"] > 0, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert all(set(volume) <= allowed for volume in spec.get("volumes", [])), name
        for container in containers(spec):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "capabilities": {"drop": ["ALL"]},
                "readOnlyRootFilesystem": True,
            }, name
            assert all("hostPort" not in port for port in container.get("ports", [])), name


@pytest.mark.parametrize("root", ROOTS)
def test_no_pod_has_service_links_or_a_token_it_does_not_use_and_every_container_has_limits(
    build: Build, root: str
) -> None:
    tokens = set()
    for manifest, template in templates(build(full(), root)):
        spec = template["spec"]
        assert spec["enableServiceLinks"] is False
        if spec["automountServiceAccountToken"]:
            tokens.add((manifest["kind"], manifest["metadata"]["name"]))
        for container in containers(spec):
            assert set(container["resources"]["limits"]) == {"cpu", "memory"}
            assert set(container["resources"]["requests"]) == {"cpu", "memory"}
    assert tokens == ({("Job", "secrets")} if root == "overlays/minikube" else set())


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_selector_meets_the_pods_it_is_for(build: Build, overlay: str) -> None:
    rendered = build(full(), f"overlays/{overlay}")
    pods = [template["metadata"]["labels"] for _, template in templates(rendered)]
    for manifest, template in templates(rendered):
        if "selector" in manifest["spec"]:
            labels = template["metadata"]["labels"]
            assert manifest["spec"]["selector"]["matchLabels"].items() <= labels.items()
    for manifest in rendered:
        if manifest["kind"] == "Service":
            wanted = manifest["spec"]["selector"]
            if "cnpg.io/cluster" in wanted:
                assert wanted == {"cnpg.io/cluster": "asky-db", "cnpg.io/instanceRole": "primary"}
            else:
                assert len([labels for labels in pods if wanted.items() <= labels.items()]) == 1


def wanted_objects(spec: Manifest) -> Iterator[tuple[str, str]]:
    """Yield the ConfigMaps and Secrets a pod refers to."""
    for volume in spec.get("volumes", []):
        if "configMap" in volume:
            yield "ConfigMap", volume["configMap"]["name"]
        if "secret" in volume:
            yield "Secret", volume["secret"]["secretName"]
        for source in volume.get("projected", {}).get("sources", []):
            yield "Secret", source["secret"]["name"]
    for container in containers(spec):
        for entry in container.get("env", []):
            if "valueFrom" in entry:
                yield "Secret", entry["valueFrom"]["secretKeyRef"]["name"]


def made_in_the_cluster(rendered: Rendered) -> set[str]:
    """Return the Secrets that something in the render makes: the Job, External Secrets, CloudNativePG."""
    made = set()
    for manifest in rendered:
        if manifest["kind"] == "ExternalSecret":
            made.add(manifest["spec"]["target"]["name"])
        if manifest["kind"] == "Cluster":
            made.add(f"{manifest['metadata']['name']}-ca")
        if manifest["kind"] == "Job" and manifest["metadata"]["name"] == "secrets":
            script = manifest["spec"]["template"]["spec"]["containers"][0]["args"][0]
            made |= set(re.findall(r"^(?:login|key|if ! exists) ([a-z0-9-]+)", script, re.MULTILINE))
    return made


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_reference_leads_to_an_object_that_is_rendered_or_made_in_the_cluster(
    build: Build, overlay: str
) -> None:
    rendered = build(full(), f"overlays/{overlay}")
    config_maps = {made["metadata"]["name"] for made in rendered if made["kind"] == "ConfigMap"}
    accounts = {made["metadata"]["name"] for made in rendered if made["kind"] == "ServiceAccount"}
    there = {"ConfigMap": config_maps, "Secret": made_in_the_cluster(rendered)}
    wanted = {pair for _, template in templates(rendered) for pair in wanted_objects(template["spec"])}
    assert {pair for pair in wanted if pair[1] not in there[pair[0]]} == set()
    assert {name for kind, name in wanted if kind == "Secret"} >= {
        "auth",
        "auth-db",
        "migrations-db",
        "asky-db-ca",
    }
    assert {template["spec"]["serviceAccountName"] for _, template in templates(rendered)} <= accounts


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_cas_secret_is_mounted_for_its_certificate_alone(build: Build, overlay: str) -> None:
    mounts = [
        volume["secret"]
        for _, template in templates(build(full(), f"overlays/{overlay}"))
        for volume in template["spec"].get("volumes", [])
        if volume.get("secret", {}).get("secretName") == "asky-db-ca"
    ]
    assert mounts and all(mount["items"] == [{"key": "ca.crt", "path": "ca.crt"}] for mount in mounts)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_secret_is_rendered_and_no_url_holds_a_password(build: Build, overlay: str) -> None:
    rendered = build(full(), f"overlays/{overlay}")
    assert [made for made in rendered if made["kind"] == "Secret"] == []
    urls = [text for text in strings(rendered) if re.search(r"://[^/\s]*@", text)]
    assert {re.sub(r"^[a-z+]+://|@.*$", "", url) for url in urls} == {
        "$(DB_USER):$(DB_PASSWORD)",
        "$(PGUSER):$(PGPASSWORD)",
    }


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_variable_is_named_in_another_only_after_its_source(build: Build, overlay: str) -> None:
    for manifest, template in templates(build(full(), f"overlays/{overlay}")):
        for container in containers(template["spec"]):
            known: set[str] = set()
            for entry in container.get("env", []):
                used = set(re.findall(r"\$\(([A-Z_]+)\)", entry.get("value", "")))
                assert used <= known, manifest["metadata"]["name"]
                known.add(entry["name"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_namespace_is_on_every_object_and_in_the_right_place_only(build: Build, overlay: str) -> None:
    stack = replace(full(), namespace="hospital")
    rendered = build(stack, f"overlays/{overlay}")
    assert {made["metadata"].get("namespace") for made in rendered if made["kind"] != "Namespace"} == {
        "hospital"
    }
    assert [made["metadata"]["name"] for made in rendered if made["kind"] == "Namespace"] == ["hospital"]
    subjects = [subject["namespace"] for made in rendered for subject in made.get("subjects", [])]
    assert set(subjects) <= {"hospital"}
    base = [file.content for file in layout.plan(stack).files if file.path.startswith("base/")]
    assert "hospital" not in str(base) and "'namespace':" not in str(base)


def test_base_knows_of_no_database_and_builds_on_its_own(build: Build) -> None:
    kinds = {made["kind"] for made in build(full(), "base")}
    assert kinds == {"ConfigMap", "Deployment", "Job", "NetworkPolicy", "Service", "ServiceAccount"}


def test_the_platform_keeps_its_own_namespaces(build: Build) -> None:
    placed = {
        (made["kind"], made["metadata"]["name"]): made["metadata"].get("namespace")
        for made in build(full(), "overlays/eks/platform")
    }
    assert placed == {
        ("Namespace", "asky-monitoring"): None,
        ("StorageClass", "gp3-encrypted"): None,
        ("ServiceAccount", "node-exporter"): "asky-monitoring",
        ("DaemonSet", "node-exporter"): "asky-monitoring",
        ("NetworkPolicy", "default-deny"): "asky-monitoring",
        ("NetworkPolicy", "node-exporter"): "asky-monitoring",
    }


def test_a_change_of_sql_or_of_the_migrator_changes_a_tracked_object(build: Build) -> None:
    def config_map(stack: Stack) -> Manifest:
        found = [
            made for made in build(stack, "overlays/eks") if made["metadata"]["name"] == "sql-migrations"
        ]
        assert len(found) == 1, "no hash in its name: a Job refers to it"
        return found[0]

    stack = full()
    other_sql = replace(stack, sql={**stack.sql, "sql/migrations/0001_schemas.sql": "9" * 64})
    other_image = replace(stack, pins={**stack.pins, "dbmate": "dbmate:2"})
    assert config_map(stack)["metadata"] != config_map(other_sql)["metadata"]
    assert config_map(stack)["metadata"] != config_map(other_image)["metadata"]


@pytest.mark.parametrize("count", [1, 20])
def test_a_stack_of_any_size_builds(build: Build, count: int) -> None:
    services = {f"s{number}": service(f"s{number}", 8000 + number) for number in range(count)}
    stack = asky(services=services)
    stack = with_overlays(stack, minikube(stack), eks(stack))
    assert len([made for made in build(stack, "overlays/eks") if made["kind"] == "Deployment"]) == count
