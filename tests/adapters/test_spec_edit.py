"""One value of the spec is set and every other byte of the file stays."""

import difflib
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asky_gitops.adapters import spec_yaml
from asky_gitops.adapters.spec_edit import edited
from asky_gitops.errors import InputError
from tests.conftest import ROOT

SPEC = (ROOT / "asky.yaml").read_text("utf-8")
NOTE = " " * 22 + "# a schema and a login role of its own, both named auth"
NAME = st.text("abcdefgh", min_size=1, max_size=4)
WORD = st.sampled_from(
    ["x", "a b", "yes", "012", "3", "", "it's", 'say "hi"', "k: v", "#1", "- a", "ü", "a\tb"]
)
FLOWS = ["{}", "[]", "{a: 1, b: [x]}", "[ x , {c: d} ]"]
COMMENT = st.sampled_from(["", "", "  # why", "   #  'quoted': {odd}", " # tail "])
ABOVE = st.sampled_from(["", "", "\n", "# above\n", "\n# above: [one]\n\n"])


def changes(text: str, steps: str, value: Any) -> list[str]:
    """Return the lines of a diff that setting one value makes."""
    new = edited(text, {tuple(steps.split(".")): value}, "asky.yaml")
    lines = difflib.unified_diff(text.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if not re.match(r"---|\+\+\+|@@", line)]


@pytest.mark.parametrize(
    ("steps", "value", "lines"),
    [
        (
            "services.auth.image",
            "ghcr.io/acme/auth:1.4.3",
            ["-    image: ghcr.io/acme/auth:1.4.2", "+    image: ghcr.io/acme/auth:1.4.3"],
        ),
        (
            "overlays.eks.aws.account",
            "999922223333",
            ['-      account: "111122223333"', '+      account: "999922223333"'],
        ),
        (
            "services.auth.database.schema",
            "login",
            [
                f"-    database: true{NOTE}",
                f"+    database: {{schema: login}}{NOTE}",
            ],
        ),
        ("services.pyxis.replicas", 3, ["+    replicas: 3"]),
        ("services.mailer.port", 8004, ["+  mailer:", "+    port: 8004"]),
        ("overlays.minikube.database.storage", "1Gi", ["+    database: {storage: 1Gi}"]),
        (
            "services.gateway.public",
            {"host": "asky.local"},
            [
                "-    public:",
                "-      host: asky.example.org",
                "-      paths: [/]",
                "-      tls: true",
                "+    public: {host: asky.local}",
            ],
        ),
        (
            "services.auth.env.ON",
            "yes",
            [
                "-    env: {LOG_LEVEL: info}              # never a secret",
                '+    env: {LOG_LEVEL: info, "ON": "yes"}              # never a secret',
            ],
        ),
    ],
)
def test_a_value_is_set_in_the_fewest_lines(steps: str, value: Any, lines: list[str]) -> None:
    assert changes(SPEC, steps, value) == lines


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("a: 'x'  # c\n", "it's", "a: 'it''s'  # c\n"),
        ('a: "x"\n', "y", 'a: "y"\n'),
        ("a:   # c\n- x\n- y\n# end\n", ["z"], "a: [z]   # c\n# end\n"),
        ("a:\nb: 1\n", "x", "a: x\nb: 1\n"),
        ("a: |\n  text\n\nb: 1\n", "x", "a: x\n\nb: 1\n"),
        ("a: >-  # c\n  text\nb: 1\n", "x", "a: x\nb: 1\n"),
        ("a: {b: 1}", None, "a: null"),
        ("b: 1", "x", "b: 1\na: x"),
        ("b: 1 # c", "x", "b: 1 # c\na: x"),
        ("b: 1\r\n", "x", "b: 1\r\na: x\r\n"),
        ("{b: 1,\n # c\n}\n", "x", "{b: 1, a: x,\n # c\n}\n"),
        ("{}\n", "x", "{a: x}\n"),
        ("b: |+\n  text\n\n", "x", "b: |+\n  text\n\na: x\n"),
        ("b:\n  - 1\n  - 2\n# end\n", True, "b:\n  - 1\n  - 2\na: true\n# end\n"),
        ("a: x\n...\n", "two\nlines", 'a: "two\\nlines"\n...\n'),
        ('"a": x\n', "z", '"a": z\n'),
        ("a: !!str 3\n", "z", "a: z\n"),
    ],
)
def test_the_form_around_a_value_stays(before: str, value: Any, after: str) -> None:
    assert edited(before, {("a",): value}, "asky.yaml") == after


def test_a_value_that_others_share_is_not_touched() -> None:
    for text, steps in (("a: &x [1]\nb: *x\n", ("a",)), ("b: &x {c: 1, d: 1}\na: *x\n", ("a", "c"))):
        with pytest.raises(InputError, match=r" cannot be set without touching other values$"):
            edited(text, {steps: 2}, "asky.yaml")


def test_a_value_on_the_way_is_never_dropped() -> None:
    with pytest.raises(InputError, match=r"^image is a value, not a map$"):
        edited("image: x\n", {("image", "tag"): "1"}, "asky.yaml")


@st.composite
def documents(draw: st.DrawFn, depth: int = 0) -> str:
    """Draw a block map as a person writes one: comments, blank lines, every style of value, odd indents."""
    lead = "  " * depth
    text = ""
    for key in draw(st.lists(NAME, min_size=1, max_size=4, unique=True)):
        text += draw(ABOVE) + lead + draw(st.sampled_from([key, f'"{key}"', f"'{key}'"])) + ":"
        kind = draw(st.sampled_from(["plain", "single", "double", "flow", "list", "text", "nothing", "map"]))
        word = draw(WORD)
        quoted = word.replace("'", "''")
        match kind:
            case "plain":
                text += f" {draw(st.sampled_from(['x', '3', 'true', 'a b', 'v1.2:3']))}{draw(COMMENT)}\n"
            case "single":
                text += f" '{quoted}'{draw(COMMENT)}\n"
            case "double":
                text += ' "' + word.replace('"', '\\"').replace("\t", "\\t") + f'"{draw(COMMENT)}\n'
            case "flow":
                text += f" {draw(st.sampled_from(FLOWS))}{draw(COMMENT)}\n"
            case "list":
                text += f"{draw(COMMENT)}\n{lead}- '{quoted}'{draw(COMMENT)}\n{lead}# in\n{lead}- y\n"
            case "text":
                text += f" {draw(st.sampled_from(['|', '|-', '>', '|+']))}\n"
                text += f"{lead}  some text\n\n{lead}  # text\n\n"
            case "nothing":
                text += f"{draw(COMMENT)}\n"
            case "map" if depth < 3:
                text += f"{draw(COMMENT)}\n{draw(documents(depth + 1))}"
            case "map":
                text += " {}\n"
    return text


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, tuple[str, ...], Any]:
    """Draw a document, a way to a value in it or to a new one, and what to set there."""
    text = draw(documents())
    steps: tuple[str, ...] = ()
    data = spec_yaml.parse(text, "asky.yaml").data
    while isinstance(data, dict) and data and (not steps or draw(st.booleans())):
        steps = (*steps, draw(st.sampled_from([*data, "new"])))
        data = data.get(steps[-1])
    value = draw(st.one_of(WORD, st.integers(-9, 9), st.booleans(), st.none(), st.lists(WORD, max_size=2)))
    return text, steps, value


@given(edits())
def test_whatever_the_file_only_the_touched_value_changes(edit: tuple[str, tuple[str, ...], Any]) -> None:
    text, steps, value = edit
    before = spec_yaml.parse(text, "asky.yaml").data
    new = edited(text, {steps: value}, "asky.yaml")
    wanted = dict(before)
    place = wanted
    for step in steps[:-1]:
        place[step] = dict(place[step])
        place = place[step]
    place[steps[-1]] = value
    assert spec_yaml.parse(new, "asky.yaml").data == wanted
    assert list(spec_yaml.parse(new, "asky.yaml").data) == list(wanted)
    inside = first_and_last_line(text, steps)
    for kind, start, end, *_ in difflib.SequenceMatcher(
        None, text.split("\n"), new.split("\n"), autojunk=False
    ).get_opcodes():
        if kind in ("replace", "delete"):
            assert inside is not None, "a new key changes no line that was there"
            assert inside[0] <= start + 1 and end <= inside[1], (text, new)


def first_and_last_line(text: str, steps: tuple[str, ...]) -> tuple[int, int] | None:
    """Return the lines, from 1, that a value and its key take; None when it is not there."""
    located = spec_yaml.parse(text, "asky.yaml")
    around = tuple(steps)
    if around not in located.keys:
        # A new key in a flow map or in an empty value changes that line alone.
        around = around[:-1]
        if not around or text.split("\n")[located.keys[around][0] - 1].rstrip().endswith(":"):
            return None
    first = located.keys[around][0]
    later = [line for line, _ in located.keys.values() if line > first]
    inner = [place[0] for at, place in located.keys.items() if at[: len(around)] == around]
    later = [line for line in later if line > max(inner)]
    return first, (min(later) if later else text.count("\n") + 1)
