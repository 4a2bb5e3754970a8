"""Every pair of settings of a service, its ways in and its database, in some spec that is built and judged.

The settings and their values come from the JSON Schema (values.py), where they stand from layouts.py. A pair
that the spec's own rules refuse is named below; every other one is in a spec whose overlays kustomize builds,
whose objects are valid for every version of Kubernetes that is claimed, strictly, and which breaks no rule.
"""

from pathlib import Path

import pytest

from asky_gitops.steps.check import check
from tests.adapters.spec_cases import placed
from tests.matrix.layouts import LAYOUTS
from tests.matrix.pairs import Loader, axes, rows, write
from tests.matrix.values import SCHEMA

Pairs = set[frozenset[tuple[str, str]]]
OPERATED = ("backup", "generation", "pooler", "readReplicas", "restore", "wal")
OF_OUR_OWN = ("instances", "resources", "storage", "storageClass")


def pairs(part: str, key: str, other: str, keys: tuple[str, ...]) -> Pairs:
    """Return a setting with each of several others of one place."""
    return {frozenset({(part, key), (other, each)}) for each in keys}


ONE_SOURCE = pairs("secret", "generate", "secret", ("remote", "property"))
ONE_FOLDER = pairs("database", "migrations", "database", ("seeds",))
REFUSED = {
    "services": {
        frozenset({("web", "autoscale"), ("web", "replicas")}),
        frozenset({("web", "env"), ("web", "secrets")}),
        frozenset({("web", "public"), ("eks", "oidc")}),
    },
    "minikube": {
        *ONE_SOURCE,
        *ONE_FOLDER,
        *pairs("database", "external", "overlay", OF_OUR_OWN),
        *pairs("overlay", "external", "overlay", OF_OUR_OWN),
    },
    "eks": {
        *ONE_SOURCE,
        *ONE_FOLDER,
        *pairs("overlay", "external", "overlay", (*OF_OUR_OWN, *OPERATED)),
        *pairs("overlay", "instances", "overlay", ("readReplicas",)),
        *pairs("overlay", "restore", "overlay", ("generation",)),
    },
    "inside": set(),
}
"""Settings some values of which never stand together: a number or a variable set twice, a login in clear, a
server of our own and one elsewhere."""
NOWHERE = {
    "services": {
        *(("minikube", name) for name in ("scheme", "certificateArn", "wafArn", "oidc")),
        *(("eks", name) for name in ("controllerNamespace", "issuer")),
    },
    "minikube": {(part, key) for part in ("database", "overlay") for key in OPERATED},
    "eks": set(),
    "inside": set(),
}
"""Settings that mean nothing for the class of ingress or the platform here; tests/options has them where they
do."""
OF_DATABASES = {"dangling-config", "invalid-resources", "missing-digest", "mutable-tag", "single-replica"}
ASKED_FOR = {
    "services": {
        "invalid-resources",
        "missing-backup",
        "missing-digest",
        "mutable-tag",
        "plaintext-ingress",
        "single-replica",
    },
    "minikube": OF_DATABASES,
    "eks": OF_DATABASES,
    "inside": {"invalid-resources", "missing-digest", "mutable-tag"},
}
"""What the sampled values ask for: bare images, one pod, no bucket, plain HTTP, cpus by the million, a login
elsewhere that nothing here makes."""


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_pair_of_settings_builds_is_valid_and_breaks_no_rule(tmp_path: Path, name: str) -> None:
    layout = LAYOUTS[name]
    loader = Loader(tmp_path / "spec", layout)
    known = axes(loader)
    wanted = {(part, key) for part, named in layout.parts.items() for key in SCHEMA[named]["properties"]}
    assert wanted - layout.fixed - set(known) == NOWHERE[name]
    stacks, refused = rows(loader, known)
    assert refused == REFUSED[name]
    placed(tmp_path, layout.text({}))
    for number, stack in enumerate(stacks):
        write(stack, tmp_path / f"rows/{number}")
    targets = [f"rows/{n}/overlays/{overlay}" for n, stack in enumerate(stacks) for overlay in stack.overlays]
    report = check(tmp_path, paths=targets)
    assert report.problems == ()
    assert {one.rule for one in report.findings} == ASKED_FOR[name]
    assert {kind for target in report.targets for kind in target.unknown_kinds} == set()
    assert len(report.targets) == len(targets)
