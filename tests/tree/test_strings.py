"""What a spec calls things by stays text: through our printer, through kustomize, to the reader of kubectl.

The last two are the real ones: kustomize's program, and conftest's parser, which is `sigs.k8s.io/yaml` as in
Kubernetes; tests/e2e asks the API server itself.
"""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asky_gitops.adapters import spec
from asky_gitops.adapters.spec_database import KEYWORDS
from asky_gitops.adapters.spec_leaves import Wrong
from asky_gitops.adapters.spec_scalars import (
    SCALARS,
    EnvName,
    FileName,
    Folder,
    Identifier,
    LabelValue,
    Name,
    ObjectName,
    RemoteKey,
    Server,
    ServiceName,
)
from asky_gitops.model.stack import Stack
from asky_gitops.model.tree import Tree
from asky_gitops.platforms import PLATFORMS
from asky_gitops.tree import layout
from tests.adapters.spec_cases import MIGRATION, placed
from tests.adapters.test_yaml import MISREAD
from tests.tree.conftest import write

Tool = Callable[[str], Path]
Objects = dict[tuple[str, str], Any]
WORDS = dict.fromkeys(
    [
        *MISREAD,
        *["_", "__", ".0", "0.", "00", "0777", "0-0", "0x", "0x10", "0b1", "1_0", "12:30:00", "1:2", "1.2.3"],
        *[".1e3", "1e-3", "1e3.0", "e1", "inf", "nan", "null.", "on1", "true-1", "-.", ""],
    ]
)
KINDS = {
    "namespace": Name,
    "database": Identifier,
    "schema": Identifier,
    "migrations": Folder,
    "service": ServiceName,
    "variable": EnvName,
    "secret": EnvName,
    "remote": RemoteKey,
    "property": RemoteKey,
    "prefix": RemoteKey,
    "file": FileName,
    "label": LabelValue,
    "class": ObjectName,
    "login": ObjectName,
    "host": Server,
    "readonly": Server,
    "text": str,
}


def words(kind: Any) -> list[str]:
    """Return the words that a kind of value takes as they are."""
    found = []
    for word in WORDS:
        try:
            found += [word] if SCALARS[kind].read(word) == word else []
        except Wrong:
            continue
    return [word for word in found if kind is not Identifier or word not in KEYWORDS]


NAMES = st.fixed_dictionaries({what: st.sampled_from(words(kind)) for what, kind in KINDS.items()}).filter(
    lambda said: said["variable"] != said["secret"] and said["service"] != said["login"]
)


def text(said: dict[str, str]) -> str:
    """Return a spec, as JSON, whose database part is called by these words in every overlay there can be."""
    eks = {
        "platform": "eks",
        "aws": {"region": "us-east-1", "account": "000000000012", "albCidrs": ["10.0.0.0/20"]},
        "secrets": {"prefix": said["prefix"]},
        "database": {
            "storageClass": said["class"],
            "pooler": {},
            "backup": {"bucket": "s3://1e3/0x10", "schedule": "0 0 2 * * *", "retention": "30d"},
            "generation": 2,
            "restore": {"from": 1, "targetTime": "2026-03-01T12:00:00Z"},
        },
    }
    generated = {"generate": 48, "remote": None, "property": None}
    external = {"host": said["host"], "readonlyHost": said["readonly"], "secret": said["login"]}
    service = {
        "image": "ghcr.io/acme/app:1.0",
        "port": 8003,
        "database": {"schema": said["schema"], "readonlyURL": True},
        "env": {said["variable"]: said["text"]},
        "secrets": {said["secret"]: {"remote": said["remote"], "property": said["property"]}},
        "config": {said["file"]: said["text"]},
    }
    made: dict[str, Any] = {
        "apiVersion": "asky-gitops.dev/v1alpha1",
        "kind": "Stack",
        "metadata": {"name": "asky", "namespace": said["namespace"]},
        "source": {"repoURL": "https://git.example.org/asky/deploy.git"},
        "monitoring": {"serviceMonitors": True, "labels": {"release": said["label"]}},
        "database": {"name": said["database"], "migrations": said["migrations"]},
        "services": {said["service"]: service},
        "overlays": {
            "minikube": {
                "platform": "minikube",
                "database": {"storageClass": said["class"]},
                "services": {said["service"]: {"secrets": {said["secret"]: generated}}},
            },
            "eks": eks,
            "elsewhere": {**eks, "database": {"external": {**external, "cidrs": ["10.0.0.0/20"]}}},
        },
    }
    return json.dumps(made)


def load(said: dict[str, str], folder: Path) -> Stack:
    """Return the stack of a spec that must be right."""
    path = placed(folder, text(said))
    (folder / said["migrations"]).mkdir(parents=True, exist_ok=True)
    (folder / said["migrations"] / "0001_on.sql").write_text(MIGRATION, "utf-8")
    return spec.load(path, {name: one.DEFAULTS for name, one in PLATFORMS.items()})


def planned(stack: Stack, tree: Tree, overlay: str) -> Objects:
    """Return the objects of a plan that no patch changes, in the namespace that the overlay gives them."""
    generated = f"overlays/{overlay}/generated/"
    contents = {file.path: file.content for file in tree.files}
    objects = [
        (path, one)
        for path, content in contents.items()
        if path.startswith(("base/", generated)) and not isinstance(content, str)
        for one in content
        if "kustomize" not in one["apiVersion"]
    ]
    patched = [key(one) for path, one in objects if path.startswith(f"{generated}patches/")]
    space = {"namespace": stack.namespace}
    return {
        key(one): {**one, "metadata": {**one["metadata"], **(space if one["kind"] != "Namespace" else {})}}
        for _, one in objects
        if key(one) not in patched
    }


def key(one: Mapping[str, Any]) -> tuple[str, str]:
    """Return kind and name of an object."""
    return str(one["kind"]), str(one["metadata"]["name"])


def read(root: Path, tool: Tool) -> Objects:
    """Return what kubectl would read of a kustomization."""
    built = root / "built.yaml"
    with built.open("wb") as file:
        subprocess.run([tool("kustomize"), "build", root], stdout=file, check=True)
    parsed = subprocess.run(
        [tool("conftest"), "parse", "--parser=yaml", built], capture_output=True, check=True
    )
    return {key(one): one for one in json.loads(parsed.stdout)}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES)
def test_a_word_that_some_reader_takes_for_no_text_names_what_the_spec_says(
    tmp_path_factory: pytest.TempPathFactory, tool: Tool, said: dict[str, str]
) -> None:
    root = tmp_path_factory.mktemp("strings")
    stack = load(said, root)
    write(stack, root)
    tree = layout.plan(stack)
    for overlay in stack.overlays:
        expected, found = planned(stack, tree, overlay), read(root / "overlays" / overlay, tool)
        assert {one: found[one] for one in expected} == expected
        assert len(expected) > 10
        deployment = found["Deployment", said["service"]]["spec"]["template"]["spec"]
        assert {"name": said["variable"], "value": said["text"]} in deployment["containers"][0]["env"]
        assert found["ConfigMap", said["service"]]["data"] == {said["file"]: said["text"]}
