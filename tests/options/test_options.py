"""Each option of a service and of its way in: what it changes in the whole tree, line by line.

`plain.yaml` is a stack that says nothing beyond what it must; `cases/<option>.yaml` is laid over it, and
`cases/<option>.diff` is the difference between the two plans, every file of them.
"""

import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from asky_gitops.adapters import spec, yaml
from asky_gitops.platforms import PLATFORMS
from asky_gitops.tree import layout
from tests.adapters.spec_cases import placed

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCHEMA = json.loads((ROOT / "asky.schema.json").read_text("utf-8"))["$defs"]
CASES = {path.stem: pyyaml.safe_load(path.read_text("utf-8")) for path in (HERE / "cases").glob("*.yaml")}
PLAIN = pyyaml.safe_load((HERE / "plain.yaml").read_text("utf-8"))
OURS = re.compile(
    r"(Service|Job)(Defaults|Overlay)?|Autoscale|Checks|Egress|History|Ingress|Issuer|Metrics|Monitoring|Oidc"
    r"|Public|Probes|(Startup|Readiness|Liveness)Probe|Resources|Secret|ServiceDatabase|Shutdown|Volume"
)
"""The definitions of the schema that this part is about."""
ELSEWHERE = {("Checks", "databases")}
"""Keys that change no file."""

Tree = dict[str, str]


def over(below: Any, above: Any) -> Any:
    """Lay one document over another; null stays, for it says something in a spec."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    return {**below, **{key: over(below.get(key), value) for key, value in above.items()}}


def planned(root: Path, document: Any) -> Tree:
    """Return the text of every file of a spec's plan."""
    platforms = {name: one.DEFAULTS for name, one in PLATFORMS.items()}
    stack = spec.load(placed(root, json.dumps(document)), platforms)
    files = layout.plan(stack).files
    return {
        file.path: file.content if isinstance(file.content, str) else yaml.dump(file.content)
        for file in files
    }


def changes(before: Tree, after: Tree) -> str:
    """Return the difference of two trees, files sorted, one line of context."""
    made = []
    for path in sorted({*before, *after}):
        old, new = (tree.get(path, "").splitlines() for tree in (before, after))
        names = [path if path in tree else "/dev/null" for tree in (before, after)]
        made += difflib.unified_diff(old, new, *names, n=1, lineterm="")
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
    return re.sub(r"(Defaults|Overlay)$", "", name)


def test_every_key_of_the_schema_has_an_option_that_says_it() -> None:
    whole = json.loads((ROOT / "asky.schema.json").read_text("utf-8"))
    used = {(family(name), key) for case in CASES.values() for name, key in said(case, whole)}
    known = {
        (family(name), key)
        for name, one in SCHEMA.items()
        if OURS.fullmatch(name)
        for key in one["properties"]
    }
    assert known - used == ELSEWHERE


def test_every_difference_belongs_to_an_option() -> None:
    assert {path.stem for path in (HERE / "cases").glob("*.diff")} == set(CASES)
