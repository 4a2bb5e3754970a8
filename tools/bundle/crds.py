"""Packs CustomResourceDefinitions from the Go modules that publish them.

tools/schemas/go.mod pins the modules, go.sum their hashes; nothing of them is kept in the repository.
"""

import json
from pathlib import Path
from typing import Any

import yaml

from tools.bundle.toolchain import go

SOURCES = {
    "github.com/argoproj/argo-cd/v3": "manifests/crds/*-crd.yaml",
    "github.com/cert-manager/cert-manager": "deploy/crds/*.yaml",
    "github.com/cloudnative-pg/cloudnative-pg": "config/crd/bases/*.yaml",
    "github.com/cloudnative-pg/plugin-barman-cloud": "config/crd/bases/*.yaml",
    "github.com/external-secrets/external-secrets": "config/crds/bases/*.yaml",
    "github.com/prometheus-operator/prometheus-operator": "example/prometheus-operator-crd/*.yaml",
    "sigs.k8s.io/gateway-api": "config/crd/standard/*.yaml",
}
"""Module to the files in it that a cluster's administrator applies."""

APPROVAL = "api-approved.kubernetes.io"
"""The annotation an API server demands of a definition in a `*.k8s.io` group."""

NAMED = ("properties", "patternProperties", "definitions")
"""Schema keywords that map names of the author's to schemas."""

NESTED = ("items", "additionalProperties", "not")
LISTED = ("allOf", "anyOf", "oneOf")


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's loader, but a plain `=` (a matcher in Prometheus' schemas) is a string, as in Kubernetes."""


Loader.add_constructor("tag:yaml.org,2002:value", lambda loader, node: node.value)


def download(module: Path) -> dict[str, Path]:
    """Download the pinned modules and return where each one's files are; go.sum is what they must match."""
    required = {
        each["Path"]: each["Version"]
        for each in json.loads(go("mod", "edit", "-json", cwd=module))["Require"]
    }
    if set(required) != set(SOURCES):
        raise SystemExit(
            f"error: {module / 'go.mod'} and {__file__} differ in {sorted(set(required) ^ set(SOURCES))}"
        )
    sums = (module / "go.sum").read_text("utf-8").splitlines()
    folders = {}
    for path, version in sorted(required.items()):
        got = json.loads(go("mod", "download", "-json", f"{path}@{version}", cwd=module))
        if f"{path} {version} {got['Sum']}" not in sums:
            raise SystemExit(f"error: {path}@{version} is not what {module / 'go.sum'} says")
        folders[f"{path}@{version}"] = Path(got["Dir"])
    return folders


def undescribed(schema: Any) -> Any:
    """Return an OpenAPI schema without its prose, two thirds of its size; names called `description` stay."""
    if not isinstance(schema, dict):
        return schema
    slim = {
        key: value for key, value in schema.items() if key not in ("description", "example", "externalDocs")
    }
    for key in NAMED:
        if key in slim:
            slim[key] = {name: undescribed(value) for name, value in slim[key].items()}
    for key in NESTED:
        if key in slim:
            slim[key] = undescribed(slim[key])
    for key in LISTED:
        if key in slim:
            slim[key] = [undescribed(value) for value in slim[key]]
    for form in slim.get("oneOf", []):
        settle(form, slim.get("properties", {}))
    return slim


def settle(form: dict[str, Any], properties: dict[str, Any]) -> None:
    """Ask for a field in the form that its default does not fit: left out, it has its default when judged."""
    for name, wanted in form.get("properties", {}).items():
        default = properties.get(name, {}).get("default")
        if default is not None and default in wanted.get("not", {}).get("enum", []):
            form["required"] = [*form.get("required", []), name]


def slim(definition: dict[str, Any]) -> dict[str, Any]:
    """Return names, served versions and schemas: enough to judge, still what an API server accepts."""
    spec, metadata = definition["spec"], definition["metadata"]
    approval = {key: value for key, value in metadata.get("annotations", {}).items() if key == APPROVAL}
    versions = [
        {
            key: version[key]
            for key in ("name", "served", "storage", "deprecated", "subresources")
            if key in version
        }
        | {"schema": {"openAPIV3Schema": undescribed(version["schema"]["openAPIV3Schema"])}}
        for version in spec["versions"]
        if version["served"]
    ]
    return {
        "apiVersion": definition["apiVersion"],
        "kind": definition["kind"],
        "metadata": {"name": metadata["name"]} | ({"annotations": approval} if approval else {}),
        "spec": {key: spec[key] for key in ("group", "names", "scope")} | {"versions": versions},
    }


def pack(folders: dict[str, Path], target: Path) -> None:
    """Write every definition as `<group>_<kind in lower case>.json` (docs/protocol.md) into `target`."""
    target.mkdir(parents=True)
    for named, folder in folders.items():
        files = sorted(folder.glob(SOURCES[named.partition("@")[0]]))
        documents = [document for file in files for document in yaml.load_all(file.read_bytes(), Loader)]
        definitions = [each for each in documents if each and each["kind"] == "CustomResourceDefinition"]
        if not definitions:
            raise SystemExit(f"error: {named} holds no CustomResourceDefinition where it is looked for")
        for definition in definitions:
            spec = definition["spec"]
            file = target / f"{spec['group']}_{spec['names']['kind'].lower()}.json"
            file.write_text(
                json.dumps(slim(definition), separators=(",", ":"), sort_keys=True) + "\n", "utf-8"
            )
