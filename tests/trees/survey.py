"""What `check` says of other people's manifests: the table of trees in docs/accuracy.md.

`python -m tests.trees.survey` reads the trees from the Go modules that publish them and writes the table.
Whether the findings are right is for a reader to say, and the page says what was read.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "accuracy.md"
BEGIN, END = "<!-- trees -->\n", "<!-- /trees -->\n"

TREES = {
    "github.com/cloudnative-pg/cloudnative-pg": ["docs/src/samples", "config/default"],
    "github.com/cloudnative-pg/plugin-barman-cloud": ["config/default", "hack"],
    "github.com/argoproj/argo-cd/v3": [
        "manifests/cluster-install",
        "manifests/ha/cluster-install",
        "manifests/core-install",
        "applicationset/examples",
        "examples",
    ],
    "github.com/argoproj/argo-rollouts": ["manifests/cluster-install", "examples"],
    "sigs.k8s.io/kustomize": ["examples"],
    "sigs.k8s.io/gateway-api": ["examples/standard", "examples/experimental"],
    "github.com/prometheus-operator/prometheus-operator": ["example"],
    "github.com/external-secrets/external-secrets": ["docs/snippets"],
    "github.com/zalando/postgres-operator": ["manifests"],
    "k8s.io/ingress-nginx": ["docs/examples", "deploy"],
    "sigs.k8s.io/metrics-server": ["manifests/overlays/release"],
    "github.com/stefanprodan/podinfo": ["kustomize", "deploy"],
    "sigs.k8s.io/aws-load-balancer-controller": ["docs/examples"],
    "sigs.k8s.io/kwok": ["kustomize"],
}
"""Module to the folders in it that are judged."""


def downloaded() -> dict[str, tuple[str, Path]]:
    """Return version and folder of each pinned module; go.sum is what they must match."""
    here = Path(__file__).parent
    required = json.loads(go("mod", "edit", "-json", cwd=here))["Require"]
    sums = (here / "go.sum").read_text("utf-8").splitlines()
    found = {}
    for each in required:
        got = json.loads(go("mod", "download", "-json", f"{each['Path']}@{each['Version']}", cwd=here))
        if f"{each['Path']} {each['Version']} {got['Sum']}" not in sums:
            raise SystemExit(f"error: {each['Path']}@{each['Version']} is not what {here / 'go.sum'} says")
        found[each["Path"]] = (each["Version"], Path(got["Dir"]))
    return found


def go(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(["go", *arguments], cwd=cwd, capture_output=True, text=True, check=True)
    return done.stdout


def judged(tree: Path, folder: str) -> dict[str, Any]:
    """Return the report on a folder; what stops `check` before it has one stops the survey."""
    command = ["asky-gitops", "-C", str(tree), "check", folder, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise SystemExit(f"error: {tree}/{folder}: {done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def row(name: str, report: dict[str, Any]) -> str:
    """Return a tree's line: how much was judged, what could not be, and the findings of each rule."""
    rules = Counter(one["rule"] for one in report["findings"])
    said = ", ".join(f"{rule} {count}" for rule, count in sorted(rules.items(), key=lambda r: (-r[1], r[0])))
    objects = sum(target["objects"] or 0 for target in report["targets"])
    return f"| {name} | {len(report['targets'])} | {objects} | {len(report['errors'])} | {said} |"


def main() -> int:
    """Judge every tree, print the table and keep it."""
    lines = ["| tree | targets | objects | not judged | findings |", "|---|--:|--:|--:|---|"]
    for module, (version, source) in sorted(downloaded().items()):
        with tempfile.TemporaryDirectory() as scratch:
            tree = Path(scratch) / "tree"
            shutil.copytree(
                source, tree, ignore=shutil.ignore_patterns("*.go"), copy_function=shutil.copyfile
            )
            lines += [row(f"{module} {version}, `{one}`", judged(tree, one)) for one in TREES[module]]
            print("\n".join(lines[-len(TREES[module]) :]), flush=True)
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
