"""Every pair of settings of a service and its ways in, together in some spec that is built and judged.

The settings and their values come from the JSON Schema (values.py). A pair that the spec's own rules refuse
is named below; every other one is in a spec whose overlays kustomize builds, whose objects are valid for
every version of Kubernetes that is claimed, strictly, and which breaks no rule.
"""

import itertools
import json
from pathlib import Path
from typing import Any

from asky_gitops.adapters import spec, yaml
from asky_gitops.errors import Many
from asky_gitops.model.stack import Stack
from asky_gitops.platforms import PLATFORMS
from asky_gitops.steps.check import check
from asky_gitops.tree import layout
from tests.adapters.spec_cases import MIGRATION, placed
from tests.matrix.values import SCHEMA, texts, value, variants

Axis = tuple[str, str]
Row = dict[Axis, Any]

NAMES = texts(SCHEMA["Service"]["properties"]["calls"]["anyOf"][0]["items"]["pattern"])
"""The services that `calls` will name."""
FIXED = {("web", "image"), ("web", "port"), ("minikube", "class"), ("eks", "class")}
PARTS = {"web": "Service", "monitoring": "Monitoring", "minikube": "Ingress", "eks": "Ingress"}
REFUSED = {
    frozenset({("web", "autoscale"), ("web", "replicas")}),
    frozenset({("web", "env"), ("web", "secrets")}),
    frozenset({("web", "public"), ("eks", "oidc")}),
}
"""Settings some values of which never stand together: a number or a variable set twice, a login in clear."""
NOWHERE = {
    *(("minikube", name) for name in ("scheme", "certificateArn", "wafArn", "oidc")),
    *(("eks", name) for name in ("controllerNamespace", "issuer")),
}
"""Settings that mean nothing for the class of ingress here; tests/options has them where they do."""


def text(row: Row) -> str:
    """Write a spec, each setting in a line of its own, so that an error's line names it."""

    def said(part: str, indent: int) -> str:
        lines = (f"{key}: {json.dumps(one)}" for (at, key), one in row.items() if at == part)
        return "".join(f"{' ' * indent}{line}\n" for line in lines)

    others = "".join(f"  {name}: {{image: x/{name}, port: {8001 + n}}}\n" for n, name in enumerate(NAMES))
    aws = '{region: us-east-1, account: "111122223333", albCidrs: [10.0.0.0/20]}'
    return (
        "apiVersion: asky-gitops.dev/v1alpha1\nkind: Stack\nmetadata: {name: asky}\ndatabase: {}\n"
        f"source: {{repoURL: https://git.example.org/asky/deploy.git}}\nservices:\n{others}"
        f"  web:\n    image: x/web\n    port: 8000\n{said('web', 4)}"
        f"monitoring:\n{said('monitoring', 2)}"
        "overlays:\n  minikube:\n    platform: minikube\n    ingress:\n      class: nginx\n"
        f"{said('minikube', 6)}"
        f"  eks:\n    platform: eks\n    aws: {aws}\n    ingress:\n      class: alb\n{said('eks', 6)}"
    )


class Loader:
    """Reads specs in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.platforms = {name: one.DEFAULTS for name, one in PLATFORMS.items()}

    def load(self, row: Row) -> Stack | None:
        """Return the stack, or None where the spec's rules refuse it."""
        try:
            return spec.load(placed(self.folder, text(row)), self.platforms)
        except Many:
            return None

    def grown(self, row: Row, more: list[tuple[Axis, Any]]) -> Row:
        """Add to a row as many settings as the spec's rules allow together, halving what they refuse."""
        whole = {**row, **dict(more)}
        if not more or self.load(whole):
            return whole
        half = len(more) // 2
        return self.grown(self.grown(row, more[:half]), more[half:]) if half else row


def axes(loader: Loader) -> dict[Axis, list[Any]]:
    """Return each setting with the least and the most that is sound on its own; none where nothing is."""
    made: dict[Axis, list[Any]] = {}
    for part, name in PARTS.items():
        for key, schema in SCHEMA[name]["properties"].items():
            if (part, key) in FIXED:
                continue
            unlike = {json.dumps(one): one for one in variants(schema)}.values()
            sound = [one for one in unlike if loader.load(around(part, key, one))]
            if sound:
                made[part, key] = [*sound[:1], *sound[1:][-1:]]
    return made


def around(part: str, key: str, one: Any) -> Row:
    """Return one setting with what it needs: a way in needs somebody to reach."""
    host = {"host": value(SCHEMA["Public"]["properties"]["host"], False)}
    base: Row = {("web", "public"): host} if key != "public" else {}
    return {**base, (part, key): one}


ASKED_FOR = {
    "invalid-resources",
    "missing-backup",
    "missing-digest",
    "mutable-tag",
    "plaintext-ingress",
    "single-replica",
}
"""What the sampled values ask for: bare images, one pod, no bucket, plain HTTP, cpus by the million."""


def rows(loader: Loader, known: dict[Axis, list[Any]]) -> tuple[list[Stack], set[frozenset[Axis]]]:
    """Return specs that hold every pair of values, and the settings some pair of which is refused."""
    left = {
        ((one, n), (other, m))
        for one, other in itertools.combinations(known, 2)
        for n in range(len(known[one]))
        for m in range(len(known[other]))
    }
    stacks: list[Any] = []
    refused: set[frozenset[Axis]] = set()
    while left:
        seed = min(left)
        chosen = dict(seed)
        for axis, values in known.items():
            if axis not in chosen:
                chosen[axis] = max(range(len(values)), key=lambda n: gain(left, chosen, (axis, n)))
        left.discard(seed)
        pair = {axis: known[axis][n] for axis, n in seed}
        if loader.load(pair) is None:
            refused.add(frozenset(pair))
            continue
        row = loader.grown(pair, [(axis, known[axis][n]) for axis, n in chosen.items() if axis not in pair])
        left -= set(itertools.combinations([(axis, chosen[axis]) for axis in known if axis in row], 2))
        stacks.append(loader.load(row))
    return stacks, refused


def gain(left: set[Any], chosen: dict[Axis, int], one: tuple[Axis, int]) -> int:
    """Count the pairs that a value would add to a row."""
    return sum((other, one) in left or (one, other) in left for other in chosen.items())


def test_every_pair_of_settings_builds_is_valid_and_breaks_no_rule(tmp_path: Path) -> None:
    loader = Loader(tmp_path / "spec")
    known = axes(loader)
    wanted = {(part, key) for part, name in PARTS.items() for key in SCHEMA[name]["properties"]} - FIXED
    assert wanted - set(known) == NOWHERE
    stacks, refused = rows(loader, known)
    assert refused == REFUSED
    placed(tmp_path, text({}))
    for number, stack in enumerate(stacks):
        write(stack, tmp_path / f"rows/{number}")
    report = check(tmp_path, paths=[f"rows/{n}/overlays/{o}" for n in range(len(stacks)) for o in PLATFORMS])
    assert report.problems == ()
    assert {one.rule for one in report.findings} == ASKED_FOR
    assert {kind for target in report.targets for kind in target.unknown_kinds} == set()
    assert len(report.targets) == 2 * len(stacks)


def write(stack: Stack, root: Path) -> None:
    """Write the plan and the SQL it reads."""
    contents = dict.fromkeys(stack.sql, MIGRATION)
    for file in layout.plan(stack).files:
        contents[file.path] = file.content if isinstance(file.content, str) else yaml.dump(file.content)
    for path, content in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, "utf-8")
