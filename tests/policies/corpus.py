"""Cases of the policies' corpus: plain manifests whose header says what must be found in them.

# fails: Service asky/db [spec, type] via internet → Service asky/db:5432 → StatefulSet asky/db
# warns: …
# twin: Service asky/db [spec, type] = ClusterIP        (or: … removed)
# twin fails: …                                         (none: the twin passes)
# miss: why the rule does not say so                     (docs/accuracy.md lists it; its twin is right)
"""

import copy
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "data" / "policies"
HEADER = re.compile(r"# (fails|warns|twin|twin fails|twin warns|config|miss): (.+)")
PLACE = re.compile(r"(?P<kind>\w+) (?:(?P<namespace>[^/ ]+)/)?(?P<name>\S+) (?P<path>\[.*?\])(?P<rest> .*)?$")


@dataclass(frozen=True)
class Case:
    """One input of the policies and the findings of one rule that it must give, whole."""

    rule: str
    name: str
    items: list[dict[str, Any]]
    config: dict[str, Any]
    expected: list[tuple[Any, ...]]
    miss: str | None = None
    """Why the rule is known to say something else."""

    @property
    def input(self) -> dict[str, Any]:
        """Return the policies' input for loose files: each object is a source too."""
        sources = [
            {"file": f"{self.name}.yaml", "document": i, "kind": "manifest", "object": item, "text": None}
            for i, item in enumerate(self.items)
        ]
        return {"overlay": self.name, "items": self.items, "sources": sources, "config": self.config}


def load(path: Path) -> list[Case]:
    """Return a file's case and its twin."""
    text = path.read_text("utf-8")
    headers = [match.groups() for match in HEADER.finditer(text)]
    items = [item for item in yaml.safe_load_all(text) if item is not None]
    config: dict[str, Any] = next((yaml.safe_load(value) for key, value in headers if key == "config"), {})
    miss = next((value for key, value in headers if key == "miss"), None)
    twins = [value for key, value in headers if key == "twin"]
    assert twins, f"{path} has no twin"
    twin = changed(items, twins)
    return [
        Case(path.parent.name, path.stem, items, config, expected(headers, ""), miss),
        Case(path.parent.name, f"{path.stem}-twin", twin, config, expected(headers, "twin ")),
    ]


def expected(headers: list[tuple[str, ...]], whose: str) -> list[tuple[Any, ...]]:
    """Return the findings that headers name, sorted: severity, kind, namespace, name, path, trace."""
    severities = {f"{whose}fails": "error", f"{whose}warns": "warning"}
    return sorted((finding(severities[key], value) for key, value in headers if key in severities), key=repr)


def finding(severity: str, text: str) -> tuple[Any, ...]:
    """Read `Kind namespace/name [path] via a → b`."""
    place = PLACE.match(text)
    assert place, f"not a place: {text}"
    trace = (place["rest"] or "").removeprefix(" via ").split(" → ") if place["rest"] else []
    return (severity, place["kind"], place["namespace"], place["name"], yaml.safe_load(place["path"]), trace)


def reported(report: dict[str, Any], rule: str) -> list[tuple[Any, ...]]:
    """Return a report's findings of one rule in the form of `expected`."""
    rows = []
    for one in report["findings"]:
        if one["rule"] == rule:
            at = one["resource"] or {"kind": one["source"]["file"], "namespace": None, "name": "source"}
            trace = one["trace"]
            rows.append((one["severity"], at["kind"], at["namespace"], at["name"], one["path"], trace))
    return sorted(rows, key=repr)


def changed(items: list[dict[str, Any]], changes: list[str]) -> list[dict[str, Any]]:
    """Return the items with single fields set or removed."""
    items = copy.deepcopy(items)
    for change in changes:
        place = PLACE.match(change)
        assert place and place["rest"], f"not a change: {change}"
        target: Any = next(item for item in items if named(item, place))
        *parents, last = yaml.safe_load(place["path"])
        for step in parents:
            target = target[step]
        if place["rest"] == " removed":
            del target[last]
        else:
            target[last] = yaml.safe_load(place["rest"].removeprefix(" = "))
    return items


def named(item: dict[str, Any], place: re.Match[str]) -> bool:
    """Say whether an object is the one a place names."""
    metadata = item.get("metadata", {})
    return (item["kind"], metadata.get("namespace"), metadata.get("name")) == (
        place["kind"],
        place["namespace"],
        place["name"],
    )


def cases() -> list[Case]:
    """Return every case of the corpus and its twin."""
    return [case for path in sorted(DATA.rglob("*.yaml")) for case in load(path)]
