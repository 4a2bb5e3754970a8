"""Each option of the spec: what it changes in the whole tree, line by line.

`plain.yaml` is a stack that says nothing beyond what it must; `cases/<option>.yaml` is laid over it, and
`cases/<option>.diff` is the difference between the two plans, every file of them. When output changes on
purpose, `python -m tests.options.test_options` writes the differences anew, to be read before they are kept.
"""

import difflib
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from asky_gitops.adapters import spec, yaml
from asky_gitops.platforms import PLATFORMS
from asky_gitops.tree import layout
from tests.adapters.spec_cases import LOCK, MIGRATION, placed

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WHOLE = json.loads((ROOT / "asky.schema.json").read_text("utf-8"))
SCHEMA = WHOLE["$defs"]
CASES = {path.stem: pyyaml.safe_load(path.read_text("utf-8")) for path in (HERE / "cases").glob("*.yaml")}
PLAIN = pyyaml.safe_load((HERE / "plain.yaml").read_text("utf-8"))
NEWER = """\
  postgres-18: docker.io/library/postgres:18.6-trixie
  cloudnative-pg-18: ghcr.io/cloudnative-pg/postgresql:18.6
"""
SEED = "INSERT INTO auth.users DEFAULT VALUES;\n"
FIXED = {("", "apiVersion"), ("", "kind"), ("Overlay", "platform")}
"""Keys that take one value, or that name the two overlays of the plain stack."""
SILENT = {("Checks", "databases"), ("Overlay", "profile")}
"""Keys that change no file: settings of the rules alone."""

Tree = dict[str, str]


def over(below: Any, above: Any) -> Any:
    """Lay one document over another; null stays, for it says something in a spec."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: over(below.get(key), value) for key, value in above.items()}}


def planned(root: Path, document: Any) -> Tree:
    """Return the text of every file of a spec's plan."""
    path = placed(root, json.dumps(document))
    (root / "asky.lock").write_text(LOCK.replace("images:\n", f"images:\n{NEWER}"))
    for folder, text in {"sql/seeds": SEED, "db/up": MIGRATION, "db/sample": SEED}.items():
        (root / folder).mkdir(parents=True)
        (root / folder / "0001_first.sql").write_text(text)
    stack = spec.load(path, {name: one.DEFAULTS for name, one in PLATFORMS.items()})
    files = layout.plan(stack).files
    return {
        file.path: file.content if isinstance(file.content, str) else yaml.dump(file.content)
        for file in files
    }


def changes(before: Tree, after: Tree) -> str:
    """Return the difference of two trees, files sorted, one line of context."""
    made: list[str] = []
    for path in sorted({*before, *after}):
        old, new = (tree.get(path, "").splitlines() for tree in (before, after))
        from_, to = (path if path in tree else "/dev/null" for tree in (before, after))
        made += difflib.unified_diff(old, new, from_, to, n=1, lineterm="")
    return "".join(f"{line}\n" for line in made)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return planned(tmp_path_factory.mktemp("plain"), PLAIN)


@pytest.mark.parametrize("option", CASES)
def test_an_option_changes_exactly_what_is_expected(option: str, plain: Tree, tmp_path: Path) -> None:
    changed = changes(plain, planned(tmp_path, over(PLAIN, CASES[option])))
    assert changed == (HERE / "cases" / f"{option}.diff").read_text("utf-8")
    assert changed


def said(data: Any, schema: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every key that a document says, with the definition it belongs to."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        schema = SCHEMA[name]
    for choice in schema.get("anyOf", []):
        yield from said(data, choice)
    for item in data if isinstance(data, list) else []:
        yield from said(item, schema.get("items", {}))
    for key, value in data.items() if isinstance(data, dict) else []:
        inner = schema.get("properties", {}).get(key)
        if inner is not None:
            yield name, key
            yield from said(value, inner)
        elif isinstance(schema.get("additionalProperties"), dict):
            yield from said(value, schema["additionalProperties"])


def family(name: str) -> str:
    """Return the definition without the layer it stands in."""
    return re.sub(r"(?<=.)(Defaults|Overlay)$", "", name)


def test_every_key_of_the_schema_has_an_option_that_says_it() -> None:
    used = {(family(name), key) for case in CASES.values() for name, key in said(case, WHOLE)}
    known = {(family(name), key) for name, one in SCHEMA.items() for key in one["properties"]}
    known |= {("", key) for key in WHOLE["properties"]}
    assert known - used == FIXED | SILENT


def test_every_difference_belongs_to_an_option() -> None:
    assert {path.stem for path in (HERE / "cases").glob("*.diff")} == set(CASES)


def write_differences() -> None:
    """Write each option's difference as it is now."""
    with tempfile.TemporaryDirectory() as folder:
        plain = planned(Path(folder, "plain"), PLAIN)
        for option, case in CASES.items():
            changed = changes(plain, planned(Path(folder, option), over(PLAIN, case)))
            (HERE / "cases" / f"{option}.diff").write_text(changed, "utf-8")


if __name__ == "__main__":
    write_differences()
