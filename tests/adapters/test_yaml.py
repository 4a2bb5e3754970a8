import math
import re
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from asky_gitops.adapters.yaml import dump, is_ambiguous


class Reader11(yaml.SafeLoader):
    """PyYAML reads 1.1 but for `y` and `n`, which the 1.1 type repository (and Go's reader) call bool."""


Reader11.yaml_implicit_resolvers = {
    key: list(rules) for key, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Reader11.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^[yYnN]$"), list("yYnN"))
Reader11.add_constructor(
    "tag:yaml.org,2002:bool", lambda reader, node: ("bool", node.value.lower() in ("y", "yes", "on", "true"))
)


class ReaderGo(yaml.SafeLoader):
    """What go-yaml, the reader of Kubernetes, resolves beyond the two: 0o14, 1e3, 0b1, 1__0."""


ReaderGo.add_implicit_resolver(
    "tag:yaml.org,2002:go-number",
    re.compile(r"^[-+]?(0[oObBxX][0-9a-fA-F_]+|\.?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?)$"),
    list("-+.0123456789"),
)
ReaderGo.add_constructor("tag:yaml.org,2002:go-number", lambda reader, node: ("number", node.value))

MISREAD = [
    *["on", "off", "On", "OFF", "yes", "no", "YES", "y", "Y", "n", "N", "true", "false", "True"],
    *["~", "null", "Null", "NULL", "=", "<<", "012", "0o14", "0x1F", "0b11", "0", "007", "+1", "-1"],
    *["1e3", "1E+3", "1.5e3", "1_000", "1__0", "0x_1", "6.8523015e+5", "685.230_15e+03", ".5", "1.", ".0."],
    *["12:30:45", "190:20:30.15", "1:30", ".inf", "-.INF", ".nan"],
    *["2001-12-14", "2001-12-14t21:59:43.10-05:00"],
]
AWKWARD = [
    *MISREAD,
    "",
    " ",
    "-",
    "?",
    ":",
    "- a",
    "a: b",
    "a #b",
    "#",
    "&a",
    "*a",
    "!a",
    "%a",
    "@",
    "`",
    "---",
    "...",
    "a\n",
    "a\n\n",
    "\na",
    " a\nb",
    "a\n b\n",
    "a \nb",
    "a\tb\nc",
    "\n",
    "\n\n",
    "é",
    "😀",
    "\x85",
    "\u2028",
    "\ufeff",
    "a\r\nb",
    "'",
    '"',
    "\\",
    "2001-12-14 21:59:43.10 -5",
    "100m",
    "1Gi",
    "a\n# not a comment\n",
    "--- a\nb",
    "[a",
    "{",
    "a,b",
]
texts = (
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(AWKWARD)
    | st.from_regex(r"[-+0-9._:eExXobT ]{1,12}", fullmatch=True)
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
data = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def read_11(text: str) -> Any:
    return untag(yaml.load(text, Loader=Reader11))


def untag(value: Any) -> Any:
    """Turn the reader's marked booleans into booleans, after the marks made keys like `y` visible."""
    if isinstance(value, tuple):
        return value[1]
    if isinstance(value, dict):
        return {key: untag(item) for key, item in value.items()}
    return [untag(item) for item in value] if isinstance(value, list) else value


def read_12(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def read_go(text: str) -> Any:
    return yaml.load(text, Loader=ReaderGo)


def same(one: Any, other: Any) -> bool:
    """Equal with equal types: Python holds 1 == True == 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return type(one) is type(other) and bool(one == other)


@settings(max_examples=400, deadline=None)
@given(data)
@example({text: text for text in AWKWARD})
@example({"list": AWKWARD, "nested": [[text] for text in AWKWARD]})
def test_what_is_printed_reads_back_the_same_by_yaml_1_1_and_by_1_2(value: Any) -> None:
    text = dump([value])

    assert same(read_11(text), value), text
    assert same(read_12(text), value), text


@settings(max_examples=200, deadline=None)
@given(st.lists(texts))
@example(AWKWARD)
def test_strings_read_back_as_strings_by_the_reader_kubernetes_uses(value: list[str]) -> None:
    assert read_go(dump([value])) == value


@pytest.mark.parametrize("text", MISREAD)
def test_a_string_that_some_reader_takes_for_another_type_is_quoted(text: str) -> None:
    assert is_ambiguous(text)
    assert dump([{text: text}]) == f'"{text}": "{text}"\n'


@pytest.mark.parametrize(
    "text",
    [
        "asky",
        "100m",
        "256Mi",
        "1Gi",
        "1.2.3",
        "1h0m0s",
        "10.0.0.0/8",
        "ghcr.io/a/b:1.0.0",
        "30d",
        "yes please",
    ],
)
def test_a_string_that_cannot_be_misread_stays_plain(text: str) -> None:
    assert dump([{"key": text}]) == f"key: {text}\n"


def test_the_style_is_that_of_kustomize() -> None:
    command = ["sh", "-c"]
    manifest = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "auth", "labels": {}, "finalizers": []},
        "data": {
            "on": "off",
            "conf": "a = 1\n\nb = 2\n",
            "tail": "one\ntwo",
            "long": "word " * 60,
            "empty": "",
            "quote": "a: b",
        },
        "items": [
            {"command": command, "again": command},
            {"port": 8000, "on": True, "none": None, "ratio": 0.5},
        ],
    }

    assert (
        dump([manifest, {"kind": "Second"}])
        == f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: auth
  labels: {{}}
  finalizers: []
data:
  "on": "off"
  conf: |
    a = 1

    b = 2
  tail: |-
    one
    two
  long: '{"word " * 60}'
  empty: ""
  quote: 'a: b'
items:
- command:
  - sh
  - -c
  again:
  - sh
  - -c
- port: 8000
  "on": true
  none: null
  ratio: 0.5
---
kind: Second
"""
    )


def test_a_value_that_is_not_plain_data_is_refused() -> None:
    with pytest.raises(yaml.representer.RepresenterError):
        dump([{"key": object()}])
