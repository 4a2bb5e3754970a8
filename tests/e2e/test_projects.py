"""What Argo CD's own rules make of the projects: what is rendered is permitted, and nothing else there is."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.e2e.plane import Object, Plane

NAMESPACES = ("argocd", "asky", "asky-monitoring", "asky-other", "cert-manager", "default", "kube-system")
SOURCES = ("https://git.example.org/asky/deploy.git", "https://git.example.org/asky/other.git")
CLUSTERS = (
    {"name": "asky-prod", "server": "https://prod.example.org"},
    {"name": "in-cluster", "server": "https://kubernetes.default.svc"},
    {"name": "other", "server": "https://other.example.org"},
)
HOME = {"eks": "asky-prod", "minikube": "in-cluster"}
ROOTS = [(overlay, part) for overlay in HOME for part in ("", "platform")]


@pytest.fixture(scope="module")
def bare(programs: Path) -> Iterator[Plane]:
    """Run an API server with every definition and a namespace for Argo CD, which does not run."""
    with Plane(programs, kinds=re.compile(".*")) as plane:
        plane.kubectl("create", "namespace", "argocd")
        yield plane


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the program that asks a project, with the flags of build.sh: most of it is built then."""
    program = tmp_path_factory.mktemp("judge") / "projects"
    command = ["go", "build", "-trimpath", "-ldflags=-s -w", "-o", str(program), "./projects"]
    same = {"CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false", "GOTOOLCHAIN": "local"}
    subprocess.run(command, cwd=ROOT / "tests" / "cluster", env={**os.environ, **same}, check=True)
    return program


@pytest.fixture(scope="module")
def kinds(bare: Plane) -> list[tuple[str, str, bool]]:
    """Return every kind that the API server knows: group, kind, and whether it lies in a namespace."""
    groups = json.loads(bare.kubectl("get", "--raw", "/apis"))["groups"]
    versions = ["/api/v1", *(f"/apis/{each['groupVersion']}" for one in groups for each in one["versions"])]
    found = {
        ("" if path == "/api/v1" else path.split("/")[2], each["kind"], each["namespaced"])
        for path in versions
        for each in json.loads(bare.kubectl("get", "--raw", path))["resources"]
        if "/" not in each["name"]
    }
    return sorted(found)


def verdicts(judge: Path, project: Object, tries: list[dict[str, Any]]) -> list[bool]:
    """Return what Argo CD's rules say of each try."""
    asked = json.dumps({"project": project, "tries": tries})
    done = subprocess.run([judge], input=asked, stdout=subprocess.PIPE, text=True, check=True)
    said: list[bool] = json.loads(done.stdout)
    assert len(said) == len(tries)
    return said


@pytest.mark.parametrize(
    ("overlay", "part"), ROOTS, ids=[f"{name} {part or 'stack'}" for name, part in ROOTS]
)
def test_a_project_permits_what_is_rendered_and_nothing_else_there_is(
    bare: Plane, judge: Path, kinds: list[tuple[str, str, bool]], overlay: str, part: str
) -> None:
    file = ROOT / "argocd" / overlay / f"{part}{'-' if part else ''}project.yaml"
    project = yaml.safe_load(file.read_text("utf-8"))
    rendered = bare.render(ROOT / "overlays" / overlay / part)
    names = {one["metadata"]["name"] for one in rendered} | {"asky-other"}
    told = ROOT / "argocd" / overlay / f"{part or 'application'}.yaml"
    destination = yaml.safe_load(told.read_text("utf-8"))["spec"]["destination"]["namespace"]
    tries = [
        {
            **{"group": group, "kind": kind, "name": name, "namespace": space},
            **{"source": source, "cluster": cluster, "destination": destination},
        }
        for (group, kind, inside), source, cluster in product(kinds, SOURCES, CLUSTERS)
        for name, space in (
            [("anything", space) for space in NAMESPACES]
            if inside
            else [(name, "") for name in sorted(names)]
        )
    ]
    own = {
        (
            one["apiVersion"].rpartition("/")[0],
            one["kind"],
            "anything" if "namespace" in one["metadata"] else one["metadata"]["name"],
            one["metadata"].get("namespace", ""),
        )
        for one in rendered
    }
    permitted = {
        (one["group"], one["kind"], one["name"], one["namespace"], one["source"], one["cluster"]["name"])
        for one, verdict in zip(tries, verdicts(judge, project, tries), strict=True)
        if verdict
    }
    assert len(tries) > 4000
    assert {one[:4] for one in permitted} == own
    assert {one[4:] for one in permitted} == {(SOURCES[0], HOME[overlay])}


def everything(plane: Plane) -> dict[str, Object]:
    """Return all that Argo CD is told, with the versions that the API server gives."""
    found = plane.get("appprojects.argoproj.io,applications.argoproj.io,configmaps", namespace="argocd")
    return {
        f"{one['kind']}/{one['metadata']['name']}": one
        for one in found
        if one["metadata"]["name"] != "kube-root-ca.crt"
    }


def test_applying_one_overlays_folder_touches_nothing_of_the_others(bare: Plane) -> None:
    def apply(overlay: str) -> dict[str, Object]:
        bare.kubectl("apply", "--recursive", "--filename", str(ROOT / "argocd" / overlay))
        return everything(bare)

    before = apply("minikube")
    assert {"Application/asky-minikube", "AppProject/asky-minikube", "ConfigMap/argocd-cm"} <= set(before)
    after = apply("eks")
    assert {name: after[name] for name in before} == before
    added = set(after) - set(before)
    assert {name.split("/")[1].startswith("asky-eks") for name in added} == {True}
    assert {"Application/asky-eks", "Application/asky-eks-cloudnative-pg"} <= added
    assert {name: one for name, one in apply("minikube").items() if name in after} == after
