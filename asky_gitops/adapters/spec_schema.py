"""The JSON Schema (2020-12) of `asky.yaml`, from the same dataclasses and leaves that decode it."""

import dataclasses
import types
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from asky_gitops.adapters.spec_document import Spec
from asky_gitops.adapters.spec_keys import spelled
from asky_gitops.adapters.spec_scalars import SCALARS
from asky_gitops.model.defaults import DEFAULTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema(platforms: Iterable[str]) -> Schema:
    """Return the schema, one definition for each dataclass; `platforms` are the ones an overlay can name."""
    definitions: dict[str, Schema] = {}
    root = described(Spec, definitions)
    platform = definitions["Overlay"]["properties"]["platform"]
    definitions["Overlay"]["properties"]["platform"] = {
        "description": platform["description"],
        "enum": sorted(platforms),
    }
    return {"$schema": DIALECT, "title": "asky.yaml", **root, "$defs": dict(sorted(definitions.items()))}


def described(cls: type[Any], definitions: dict[str, Schema]) -> Schema:
    """Return the schema of one dataclass; those it holds go to `definitions`."""
    hints = get_type_hints(cls)
    fields = dataclasses.fields(cls)
    properties = {}
    for one in fields:
        documented = explained(one, partial=cls.__name__.endswith("Overlay"))
        properties[spelled(one.name)] = {**documented, **of(hints[one.name], definitions)}
    required = [spelled(one.name) for one in fields if one.default is dataclasses.MISSING]
    return {
        "description": (cls.__doc__ or "").strip(),
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def explained(one: "dataclasses.Field[Any]", partial: bool) -> Schema:
    """Return a key's description and default; a `partial` map inherits instead of having defaults."""
    description, key = one.metadata["description"], one.metadata.get("default")
    if key is None or partial:
        return {"description": description}
    default = DEFAULTS[key]
    return {"description": f"{description} By default: {default.reason}.", "default": default.value}


def of(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """Return the schema of one type."""
    if kind in SCALARS:
        return dict(SCALARS[kind].schema)
    if kind is type(None):
        return {"type": "null"}
    if dataclasses.is_dataclass(kind):
        assert isinstance(kind, type)
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}
            definitions[kind.__name__] = described(kind, definitions)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    arguments = get_args(kind)
    if get_origin(kind) in (types.UnionType, Union):
        return {"anyOf": [of(each, definitions) for each in arguments]}
    if get_origin(kind) is Literal:
        return {"enum": list(arguments)}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": of(arguments[0], definitions)}
    assert get_origin(kind) is get_origin(Mapping[str, str]), kind
    names, values = (of(each, definitions) for each in arguments)
    return {"type": "object", "propertyNames": names, "additionalProperties": values}
