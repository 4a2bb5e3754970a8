"""The JSON Schema says the same as the decoder; what the decoder alone refuses is listed, with its reason."""

import dataclasses
import functools
import json
import re
import typing
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asky_gitops.adapters import (
    spec_document,
    spec_document_database,
    spec_document_service,
    spec_overlays,
    spec_schema,
    spec_yaml,
)
from asky_gitops.adapters.spec import pruned
from asky_gitops.adapters.spec_decode import Complaints, judge
from asky_gitops.adapters.spec_document import Spec
from asky_gitops.adapters.spec_keys import spelled
from asky_gitops.adapters.spec_merge import Layers
from asky_gitops.model.defaults import DEFAULTS
from tests.adapters.spec_cases import PLATFORMS, SPEC

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = spec_schema.schema(PLATFORMS)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

CLASSES = [
    cls
    for module in (spec_document, spec_document_database, spec_document_service)
    for cls in vars(module).values()
    if isinstance(cls, type) and dataclasses.is_dataclass(cls)
]

BEYOND_SCHEMA = (
    "is too little",  # a quantity's amount is arithmetic
    "is more than",
    "is not a CIDR",  # so are a network's bits
    "is not a network's own address",
    "is an address",
    "is neither a name nor an address",
    "is not a moment",  # months have their own lengths
    "names a day that never comes",
    "runs backwards",
    "holds credentials",
    "overlays needs at least one",  # an emptiness that a list of errors explains better
)


KEYWORDS = set(
    re.findall(
        r"\S+",
        """$schema $defs $ref title description default anyOf enum type pattern maxLength minimum maximum
        exclusiveMinimum items propertyNames additionalProperties properties required""",
    )
)


def strategy(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return documents that a part of our schema accepts; an unknown keyword is an error of this test."""
    assert set(schema) <= KEYWORDS, schema
    if "$ref" in schema:
        return defined(schema["$ref"].removeprefix("#/$defs/"))
    if "anyOf" in schema:
        return st.one_of(*(strategy(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "string":
            return texts(schema)
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
        case "number":
            return st.one_of(st.integers(1, 10**6), st.sampled_from([0.5, 1.25, 0.001]))
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            return st.lists(strategy(schema["items"]), max_size=2)
    return maps(schema)


@functools.cache
def defined(name: str) -> st.SearchStrategy[Any]:
    return strategy(SCHEMA["$defs"][name])


def texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if "pattern" not in schema:
        return st.text("abc 0:#{}-", max_size=5)
    bare = schema["pattern"].removeprefix("^(?:").removesuffix(")$").removeprefix("^").removesuffix("$")
    return matching(bare, schema.get("maxLength", 1000))


@functools.cache
def matching(pattern: str, longest: int) -> st.SearchStrategy[str]:
    printable = st.characters(min_codepoint=33, max_codepoint=126)
    return st.from_regex(pattern, fullmatch=True, alphabet=printable).filter(
        lambda text: len(text) <= longest
    )


def maps(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    if "propertyNames" in schema:
        values = strategy(schema["additionalProperties"])
        return st.dictionaries(strategy(schema["propertyNames"]), values, max_size=2)
    properties = {key: strategy(each) for key, each in schema["properties"].items()}
    required = schema.get("required", [])
    return st.fixed_dictionaries(
        {key: each for key, each in properties.items() if key in required},
        optional={key: each for key, each in properties.items() if key not in required},
    )


def places(data: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(place for key, value in inner for place in places(value, (*at, key)))]


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        1.5,
        70000,
        "",
        "x",
        "Über",
        "a b",
        "10GB",
        "1Gi",
        "../x",
        "/x",
        "yes",
        [],
        ["x"],
        {},
        {"x": 1},
    ]
)


@st.composite
def mangled(draw: st.DrawFn) -> Any:
    """Return a document that the schema accepts, with up to two values replaced, added or taken away."""
    data = json.loads(json.dumps(draw(strategy(SCHEMA))))
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.sampled_from(places(data)))
        parent = data
        for key in place[:-1]:
            parent = parent[key]
        change = draw(st.sampled_from(["replace", "add", "remove"]))
        if change == "add" and isinstance(parent, dict):
            parent[draw(st.sampled_from(["extra", "image", "name", "replicas"]))] = draw(JUNK)
        elif change == "remove" and place:
            del parent[place[-1]]
        elif place:
            parent[place[-1]] = draw(JUNK)
        else:
            data = draw(JUNK)
    return data


def refusals(data: Any) -> list[str]:
    """Return what the decoder says of plain data."""
    located = spec_yaml.parse(json.dumps(data), "x")
    complaints = Complaints(located)
    judge(located, Spec, complaints)
    spec_overlays.platforms(Layers(located, pruned(data, complaints.broken), PLATFORMS), complaints)
    return [error.message for error in complaints.errors]


def test_the_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(strategy(SCHEMA))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_the_schema_accepts_the_decoder_accepts_but_for_arithmetic(data: Any) -> None:
    VALIDATOR.validate(data)
    assert [line for line in refusals(data) if not any(part in line for part in BEYOND_SCHEMA)] == []


@given(mangled())
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_schema_and_decoder_refuse_the_same_documents(data: Any) -> None:
    said = refusals(data)
    if VALIDATOR.is_valid(data):
        assert [line for line in said if not any(part in line for part in BEYOND_SCHEMA)] == []
    else:
        assert said != []


def test_this_repositorys_own_spec_is_valid_by_the_schema_beside_it() -> None:
    schema = json.loads((ROOT / "asky.schema.json").read_text("utf-8"))
    assert schema == SCHEMA
    document = yaml.safe_load((ROOT / "asky.yaml").read_text("utf-8"))
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(document)] == []


def test_the_smallest_spec_is_valid_by_the_schema() -> None:
    VALIDATOR.validate(yaml.safe_load(SPEC))


def test_every_key_is_described_and_every_default_has_its_key() -> None:
    used = set()
    for cls in CLASSES:
        for one in dataclasses.fields(cls):
            assert one.metadata["description"].endswith("."), (cls, one.name)
            used.add(one.metadata.get("default"))
    assert used - {None} == set(DEFAULTS)


def test_a_default_is_a_value_its_own_key_accepts() -> None:
    for cls in CLASSES:
        hints = typing.get_type_hints(cls)
        for one in dataclasses.fields(cls):
            if (name := one.metadata.get("default")) is not None:
                part = {"$defs": SCHEMA["$defs"], **spec_schema.of(hints[one.name], {})}
                jsonschema.Draft202012Validator(part).validate(DEFAULTS[name].value)
                assert spelled(one.name) == name.split(".")[-1]
