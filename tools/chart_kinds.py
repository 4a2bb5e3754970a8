"""`python -m tools.chart_kinds [FOLDER]`: write down what the pinned charts render with our values.

Run it after a chart's pin moved (tests/data/charts.json is what a test compares with). It needs helm on PATH,
and a network unless FOLDER holds the charts by name.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from asky_gitops.components import operators
from asky_gitops.platforms import PLATFORMS
from asky_gitops.steps.generate import load
from tools.bundle.crds import Loader

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "tests" / "data" / "charts.json"


def render(source: dict[str, Any], namespace: str, folder: Path | None) -> str:
    """Return what helm makes of an Application's source, as Argo CD asks it."""
    name = source["chart"]
    chart = (
        [str(folder / name)]
        if folder
        else [name, "--repo", source["repoURL"], "--version", source["targetRevision"]]
    )
    command = ["helm", "template", source["helm"]["releaseName"], *chart, "--namespace", namespace]
    values = json.dumps(source["helm"].get("valuesObject", {}))
    done = subprocess.run(
        [*command, "--include-crds", "--values", "-"],
        input=values,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a render, those inside a List too."""
    for document in yaml.load_all(text, Loader):
        yield from document.get("items", [document]) if document else []


def kinds(text: str) -> dict[str, list[list[str]]]:
    """Return the kinds of a render as [group, kind], sorted: those without a namespace, those inside one."""
    found: dict[str, set[tuple[str, str]]] = {"cluster": set(), "inside": set()}
    for made in objects(text):
        place = "inside" if "namespace" in made["metadata"] else "cluster"
        found[place].add((made["apiVersion"].rpartition("/")[0], made["kind"]))
    return {place: sorted(map(list, each)) for place, each in found.items()}


def main(folder: Path | None) -> None:
    """Render every operator as the worked example's eks overlay would, and write the record."""
    stack = load(ROOT)
    overlay = stack.overlays["eks"]
    values = PLATFORMS["eks"].operator_values(stack, overlay)
    record = {}
    for name, operator in sorted(operators.OPERATORS.items()):
        _, application = operators.manifests(stack, overlay, name, values.get(name, {}))
        source = application["spec"]["source"]
        record[name] = {
            "version": source["targetRevision"],
            **kinds(render(source, operator.namespace, folder)),
        }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
