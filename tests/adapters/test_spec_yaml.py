import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asky_gitops.adapters import spec, spec_yaml
from asky_gitops.errors import AskyError, InputError, Many
from tests.adapters.spec_cases import PLATFORMS, SPEC, placed, refusals

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(8)
)

UNSOUND = {
    "empty": (b"", ["asky.yaml: is empty\n  hint: "]),
    "comments only": (b"# nothing\n", ["asky.yaml: is empty"]),
    "null": (b"null\n", ["asky.yaml:1:1: must be a map of keys such as `services:`"]),
    "a list": (b"- a\n", ["asky.yaml:1:1: must be a map of keys such as `services:`"]),
    "a scalar": (b"hunter2\n", ["asky.yaml:1:1: must be a map of keys such as `services:`"]),
    "two documents": (b"a: 1\n---\nb: 2\n", ["asky.yaml:2:1: a second document; one is read"]),
    "not UTF-8": (b"a: 1\nkey: caf\xe9\n", ["asky.yaml:2:9: is not UTF-8 text"]),
    "UTF-16": ("a: 1\n".encode("utf-16"), ["asky.yaml:1:1: is not UTF-8 text"]),
    "a control character": (
        b"a: 1\nb: x\x00hunter2\n",
        ["asky.yaml:2:5: holds a character that YAML does not allow"],
    ),
    "a tab": (
        b"a:\n\t- hunter2\n",
        [
            "asky.yaml:2:1: is not YAML: found character that cannot start any token "
            "while scanning for the next token"
        ],
    ),
    "an open bracket": (
        b"a: [hunter2\nb: 2\n",
        ["asky.yaml:2:2: is not YAML: did not find expected ',' or ']' while parsing a flow sequence"],
    ),
    "an unknown alias": (b"a: *hunter2\n", ["asky.yaml:1:4: is not YAML: found undefined alias"]),
    "an alias inside itself": (b"a: &x [*x]\n", ["asky.yaml:1:4: an alias inside its own anchor"]),
    "an alias bomb": (BOMB.encode(), ["asky.yaml:5:1: more than 50000 values (aliases?)"]),
    "nesting without end": (b"[" * 200_000, ["asky.yaml:1:51: nested deeper than 50 levels"]),
    "more than a mebibyte": (b"# " + b"x" * 1024 * 1024, ["asky.yaml: is larger than 1 MiB"]),
    "a key twice": (
        b"a: 1\nb: 2\na: 3\n",
        ['asky.yaml:3:1: key "a" again; first in line 1'],
    ),
    "a number for a key": (b"1: a\n", ["asky.yaml:1:1: a key must be a string\n  hint: write it in quotes"]),
    "a map for a key": (b"{a: 1}: a\n", ["asky.yaml:1:1: a key must be a string"]),
    "a tag": (b"a: !!binary aHVudGVyMg==\n", ["asky.yaml:1:4: tags (`!\u2026`) are not supported"]),
    "a tag on a map": (b"a: !ruby/object {b: 1}\n", ["asky.yaml:1:4: tags (`!\u2026`) are not supported"]),
}


@pytest.mark.parametrize(("raw", "errors"), UNSOUND.values(), ids=UNSOUND)
def test_what_is_not_one_sound_document_is_one_clear_line(
    tmp_path: Path, raw: bytes, errors: list[str]
) -> None:
    said = refusals(placed(tmp_path, raw))
    assert said == [error.removesuffix("\n  hint: ") for error in errors]
    assert "hunter2" not in "".join(said)


def test_a_folder_in_the_place_of_the_spec_is_named(tmp_path: Path) -> None:
    (tmp_path / "asky.yaml").mkdir()
    assert refusals(tmp_path / "asky.yaml") == ["asky.yaml: is not a file"]


def test_a_pipe_in_the_place_of_the_spec_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "asky.yaml")
    assert refusals(tmp_path / "asky.yaml") == ["asky.yaml: is not a file"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("n", "n"),
        ("True", True),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2001-01-01", "2001-01-01"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("+.inf", float("inf")),
        ("~", None),
        ("", None),
        ("''", ""),
        ("'on'", "on"),
        ("0b11", "0b11"),
        ("1.2.3", "1.2.3"),
        ("=", "="),
    ],
)
def test_scalars_are_read_by_the_core_schema_of_yaml_1_2(text: str, value: Any) -> None:
    found = spec_yaml.parse(f"key: {text}\n", "x").data["key"]
    assert (found, type(found)) == (value, type(value))


def test_places_count_from_one_in_characters_and_know_every_line_ending() -> None:
    located = spec_yaml.parse("a: é\r\nbé: [x,\r\n  {c: d}]\r\n", "x")
    assert located.data == {"a": "é", "bé": ["x", {"c": "d"}]}
    assert located.values[("bé", 1, "c")] == (3, 7)
    assert located.keys[("bé", 1, "c")] == (3, 4)
    assert located.keys[("bé",)] == (2, 1)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = placed(tmp_path, b"\xef\xbb\xbf" + SPEC.encode())
    assert spec.load(path, PLATFORMS).name == "asky"


def test_an_alias_stands_for_its_anchor_and_errors_point_at_the_anchor(tmp_path: Path) -> None:
    text = SPEC.replace("    port: 8000\n", "    port: 8000\n    env: &env {LEVEL: 1}\n")
    text = text.replace("    port: 8003\n", "    port: 8003\n    env: *env\n")
    assert refusals(placed(tmp_path, text)) == [
        "asky.yaml:10:23: LEVEL must be a string, not a whole number\n  hint: write it in quotes"
    ]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_at_all_makes_the_reader_crash(text: str) -> None:
    try:
        spec_yaml.parse(text, "x")
    except AskyError as error:
        assert isinstance(error, InputError | Many)


LINES = SPEC.splitlines(keepends=True)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_mangled_spec_is_refused_in_words_or_loads(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text = SPEC
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        text = (
            text[:start] + data.draw(st.text("\t\n {}[]:,-'\"&*!#|>%@`ab1.é\x00~", max_size=5)) + text[end:]
        )
    path = placed(tmp_path_factory.mktemp("spec"), text)
    try:
        spec.load(path, PLATFORMS)
    except Many as many:
        assert many.errors
        assert all(type(error) is InputError and error.where for error in many.errors)
