"""`make bench`: `asky-gitops check` against what a repository does by hand (by_hand.sh), on the same files.

The same renders are judged by the same bundle and validated against the same schemas. By hand knows
the rendered objects only; asky-gitops judges their sources too and names file and line. Runs are
interleaved, the median counts.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ruamel.yaml import YAML

from asky_gitops.adapters import bundled

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15
ASKY = str(Path(sys.executable).parent / "asky-gitops")
MINOR = "1.36"


def packed_schemas(folder: Path) -> None:
    """Write each packed definition's versions where kubeconform looks for them."""
    packed = bundled.crds()
    assert packed is not None, "run make engine"
    for file in packed.glob("*.json"):
        spec = json.loads(file.read_text("utf-8"))["spec"]
        for version in spec["versions"]:
            target = folder / spec["group"] / f"{spec['names']['kind'].lower()}_{version['name']}.json"
            target.parent.mkdir(exist_ok=True, parents=True)
            target.write_text(json.dumps(version["schema"]["openAPIV3Schema"]), "utf-8")


def kubernetes_schemas(folder: Path) -> None:
    """Write kubernetes-validate's schemas in kubeconform's favourite form: each file holds what it refers to.

    As they are they refer to one large file by an address on the web, which kubeconform would fetch.
    """
    strict = bundled.schemas() / f"v{MINOR}.0-local-strict"
    every = json.loads((strict / "_definitions.json").read_text("utf-8"))["$defs"]
    folder.mkdir()
    for file in strict.glob("[!_]*.json"):
        schema = json.loads(file.read_text("utf-8").replace("/api/_definitions.json#", "#"))
        used: dict[str, object] = {}
        pending = [schema]
        while pending:
            names = set(re.findall(r'"\$ref": "#/\$defs/([^"]+)"', json.dumps(pending.pop()))) - set(used)
            used |= {name: every[name] for name in names}
            pending += [every[name] for name in names]
        schema.pop("$id", None)
        (folder / file.name).write_text(json.dumps(schema | {"$defs": used}), "utf-8")


def repository(folder: Path, overlays: int) -> Path:
    """Generate this repository's stack with copies of its overlays until there are so many of them."""
    for name in ("asky.yaml", "asky.lock", "sql"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, folder / name)
    yaml = YAML()
    spec = yaml.load(folder / "asky.yaml")
    existing = list(spec["overlays"])
    for number in range(overlays - len(existing)):
        spec["overlays"][f"copy-{number:02}"] = spec["overlays"][existing[number % len(existing)]]
    yaml.dump(spec, folder / "asky.yaml")
    run([ASKY, "generate"], folder)
    return folder


def run(command: list[str], folder: Path) -> tuple[float, str]:
    """Run a command that must succeed; return how long it took, in seconds, and what it printed."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    took = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(
            f"error: {' '.join(command[:4])} … exits {done.returncode}\n{done.stdout}{done.stderr}"
        )
    return took, done.stdout


def compare(overlays: int, scratch: Path) -> None:
    """Print both medians and their ratio for a repository with so many overlays."""
    folder = scratch / f"repository-{overlays}"
    folder.mkdir()
    repository(folder, overlays)
    ours = [ASKY, "check", "--format", "json", "--kubernetes-version", MINOR]
    report = json.loads(run(ours, folder)[1])
    roots = [target["path"] for target in report["targets"]]
    options = [bundled.BUNDLED / "policies", scratch / "kubernetes", scratch / "crds", MINOR]
    renders = scratch / f"renders-{overlays}"
    renders.mkdir()
    hand = [str(ROOT / "bench" / "by_hand.sh"), *map(str, options), str(renders), *roots]
    times: dict[str, list[float]] = {"ours": [], "hand": []}
    for _ in range(RUNS):
        times["ours"].append(run(ours, folder)[0])
        times["hand"].append(run(hand, folder)[0])
    check, script = statistics.median(times["ours"]), statistics.median(times["hand"])
    objects = sum(target["objects"] for target in report["targets"])
    print(f"{overlays:>3} overlays  {len(roots):>3} folders  {objects:>5} objects  ", end="")
    print(
        f"asky-gitops check {check:6.2f} s   by hand {script:6.2f} s   ratio {check / script:.2f}", flush=True
    )


if __name__ == "__main__":
    os.environ["PATH"] = f"{ROOT / '.tools' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="asky-gitops-bench-") as name:
        packed_schemas(Path(name) / "crds")
        kubernetes_schemas(Path(name) / "kubernetes")
        print(f"median of {RUNS} interleaved runs, {os.cpu_count()} processors")
        for count in (2, 50):
            compare(count, Path(name))
