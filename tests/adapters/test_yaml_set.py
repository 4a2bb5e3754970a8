import pytest

from asky_gitops.adapters.yaml_set import with_patch, with_value

CASES = {
    "a scalar": ("a:\n  b: true  # why\n", (2, 6), ("a", "b"), False, "a:\n  b: false  # why\n"),
    "a quoted one": ('a: {b: "x", c: 1}\n', (1, 8), ("a", "b"), "z", "a: {b: z, c: 1}\n"),
    "a flow list": ("a: [x, y]\n", (1, 4), ("a",), ["ALL"], "a: [ALL]\n"),
    "a block list": ("a:\n- x\n- z\n", (1, 1), ("a",), ["ALL"], None),
    "block text": ("a: |\n  x\n", (1, 4), ("a",), "y", None),
    "a key below another": ("spec:\n  a: 1\n", (1, 1), ("spec", "b"), 2, "spec:\n  a: 1\n  b: 2\n"),
    "two levels": ("spec:\n  a: 1\n", (1, 1), ("spec", "b", "c"), 2, "spec:\n  a: 1\n  b:\n    c: 2\n"),
    "before what is long": (
        "spec:\n  a:\n    x: 1\n",
        (1, 1),
        ("spec", "b"),
        2,
        "spec:\n  b: 2\n  a:\n    x: 1\n",
    ),
    "into a flow map": ("spec: {a: 1 }\n", (1, 1), ("spec", "b"), 2, "spec: {a: 1, b: 2 }\n"),
    "into an empty one": ("spec: {}\n", (1, 1), ("spec", "b", "c"), [1], "spec: {b: {c: [1]}}\n"),
    "into the first of two of one name": (
        "spec: {}\n",
        (1, 1),
        ("spec", "a", "spec", "b"),
        2,
        "spec: {a: {spec: {b: 2}}}\n",
    ),
    "into the second of two of one name": (
        "spec: {a: {spec: {}}}\n",
        (1, 12),
        ("spec", "a", "spec", "b"),
        2,
        "spec: {a: {spec: {b: 2}}}\n",
    ),
    "into what stands in a list": (
        "items:\n- spec: {}\n",
        (2, 3),
        ("spec", "a", "spec", "b"),
        2,
        "items:\n- spec: {a: {spec: {b: 2}}}\n",
    ),
    "into an item": (
        "l:\n  - name: a\n    x: 1\n  - name: b\n",
        (4, 5),
        ("l", 1, "z"),
        True,
        "l:\n  - name: a\n    x: 1\n  - name: b\n    z: true\n",
    ),
    "into an item without a name": (
        "l: [{x: 1}, {x: 2}]\n",
        (1, 13),
        ("l", 1, "z"),
        3,
        "l: [{x: 1}, {x: 2, z: 3}]\n",
    ),
    "into a block that is one": (
        "l:\n- x: 1\n- x: 2\n",
        (2, 3),
        ("l", 0, "z"),
        3,
        "l:\n- x: 1\n  z: 3\n- x: 2\n",
    ),
    "into an item that is empty": ("l: [{}]\n", (1, 5), ("l", 0, "z"), 3, "l: [{z: 3}]\n"),
    "an item of a list": ("l: [x, z]\n", (1, 8), ("l", 1), "w", "l: [x, w]\n"),
    "into the object": (
        "kind: A\nmetadata:\n  name: a\n",
        (3, 3),
        ("spec", "b"),
        1,
        "kind: A\nspec:\n  b: 1\nmetadata:\n  name: a\n",
    ),
    "with Windows' line ends": (
        "spec:\r\n  a: 1\r\n",
        (1, 1),
        ("spec", "b"),
        2,
        "spec:\r\n  a: 1\r\n  b: 2\r\n",
    ),
    "without a last line end": ("spec:\n  a: 1", (1, 1), ("spec", "b"), 2, "spec:\n  a: 1\n  b: 2\n"),
    "into nothing": ("spec:\n", (1, 1), ("spec", "b"), 2, None),
    "a place where nothing is": ("a: 1\n", (7, 7), ("a",), 2, None),
    "what is no YAML": ("a: [\n", (1, 1), ("a",), 2, None),
    "JSON": ('{"spec": {"a": true}}', (1, 16), ("spec", "a"), False, '{"spec": {"a": false}}'),
}


@pytest.mark.parametrize("case", CASES)
def test_one_field_is_set_and_every_other_byte_stays(case: str) -> None:
    text, (line, column), path, value, expected = CASES[case]
    assert with_value(text, line, column, path, value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: C\npatches: []\nx: 1\n", "kind: C\npatches:\n- patch: |-\n    a: 1\nx: 1\n"),
        ("kind: C\n", "kind: C\npatches:\n- patch: |-\n    a: 1\n"),
        (
            "patches:\n  - path: a.yaml # one\nkind: C\n",
            "patches:\n  - path: a.yaml # one\n  - patch: |-\n      a: 1\nkind: C\n",
        ),
        ("patches: [{path: a.yaml}]\n", None),
        ("", None),
    ],
)
def test_a_patch_is_added_at_the_end_of_the_list(text: str, expected: str | None) -> None:
    assert with_patch(text, "a: 1\n") == expected
