"""The CustomResourceDefinitions in the wheel, against those of the modules they come from."""

import json
import re
from typing import Any

import yaml

from asky_gitops.adapters import bundled
from tests.conftest import ROOT
from tools.bundle import crds

SETTLED = re.compile(r"/oneOf/[0-9]+/required(?:/0)?$")
"""What packing adds: a form that a default does not fit asks for its field."""


def test_a_form_that_a_default_does_not_fit_asks_for_the_field() -> None:
    forms: list[dict[str, Any]] = [
        {"properties": {"type": {"enum": ["IPAddress"]}}},
        {"properties": {"type": {"not": {"enum": ["IPAddress"]}}, "value": {"maxLength": 3}}},
    ]
    properties = {"type": {"type": "string", "default": "IPAddress"}, "value": {"type": "string"}}
    assert crds.undescribed({"type": "object", "properties": properties, "oneOf": forms}) == {
        "type": "object",
        "properties": properties,
        "oneOf": [forms[0], {**forms[1], "required": ["type"]}],
    }


def test_every_packed_definition_has_the_fields_of_the_one_it_came_from() -> None:
    folder = bundled.crds()
    assert folder is not None
    compared = set()
    for named, source in crds.download(ROOT / "tools" / "schemas").items():
        for file in source.glob(crds.SOURCES[named.partition("@")[0]]):
            for original in yaml.load_all(file.read_text("utf-8"), crds.Loader):
                if original and original["kind"] == "CustomResourceDefinition":
                    spec = original["spec"]
                    packed = folder / f"{spec['group']}_{spec['names']['kind'].lower()}.json"
                    served = {each["name"]: each["schema"] for each in spec["versions"] if each["served"]}
                    kept = {
                        each["name"]: each["schema"]
                        for each in json.loads(packed.read_text())["spec"]["versions"]
                    }
                    assert kept.keys() == served.keys()
                    for name, schema in served.items():
                        assert fields(schema) <= fields(kept[name])
                        added = {path for path, _ in fields(kept[name]) - fields(schema)}
                        assert {path for path in added if not SETTLED.search(path)} == set()
                    compared.add(packed)
    assert compared == set(folder.iterdir())


def fields(schema: object, path: str = "") -> set[tuple[str, str]]:
    """Return every (path, value) of a schema but its prose."""
    if isinstance(schema, dict):
        below = [(key, value) for key, value in schema.items() if not is_prose(path, key, value)]
        return {pair for key, value in below for pair in fields(value, f"{path}/{key}")} | {(path, "{}")}
    if isinstance(schema, list):
        return {pair for index, value in enumerate(schema) for pair in fields(value, f"{path}/{index}")} | {
            (path, "[]")
        }
    return {(path, repr(schema))}


def is_prose(path: str, key: str, value: object) -> bool:
    return key in ("description", "example", "externalDocs") and not path.endswith("/properties")
