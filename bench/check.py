"""`make bench`: `asky-gitops check` against what a repository does by hand (by_hand.sh), on the same files.

The same renders are judged by the same bundle and validated against the same schemas. By hand knows
the rendered objects only; asky-gitops judges their sources too and names file and line. Runs are
interleaved, the median counts.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from asky_gitops.adapters import bundled

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15
COPIED = ("asky.yaml", "asky.lock", "waivers.yaml", "base", "overlays", "sql")
MINOR = "1.36"


def by_group(folder: Path) -> None:
    """Write each packed definition's versions where kubeconform looks for them."""
    packed = bundled.crds()
    assert packed is not None, "run make engine"
    for file in packed.glob("*.json"):
        spec = json.loads(file.read_text("utf-8"))["spec"]
        for version in spec["versions"]:
            target = folder / spec["group"] / f"{spec['names']['kind'].lower()}_{version['name']}.json"
            target.parent.mkdir(exist_ok=True, parents=True)
            target.write_text(json.dumps(version["schema"]["openAPIV3Schema"]), "utf-8")


def repository(folder: Path, overlays: int) -> Path:
    """Copy this repository's output, with copies of both overlays until there are enough of them."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.exists():
            shutil.copyfile(source, folder / name)
    existing = sorted(path.name for path in (folder / "overlays").iterdir())
    for number in range(overlays - len(existing)):
        shutil.copytree(
            folder / "overlays" / existing[number % len(existing)], folder / "overlays" / f"n{number:03}"
        )
    return folder


def seconds(command: list[str], folder: Path) -> float:
    """Run a command that must succeed and return how long it took, in seconds."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    took = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(
            f"error: {' '.join(command[:4])} … exits {done.returncode}\n{done.stdout}{done.stderr}"
        )
    return took


def compare(overlays: int, scratch: Path) -> None:
    """Print both medians and their ratio for a repository with so many overlays."""
    folder = repository(scratch / f"repository-{overlays}", overlays)
    ours = [str(Path(sys.executable).parent / "asky-gitops"), "check", "overlays", "--format", "json"]
    ours += ["--kubernetes-version", MINOR] if "--kubernetes-version" in help_of_check() else []
    report = json.loads(subprocess.run(ours, cwd=folder, capture_output=True, check=True).stdout)
    roots = [target["path"] for target in report["targets"]]
    options = [bundled.policies(), bundled.schemas(), scratch / "crds", MINOR]
    renders = scratch / f"renders-{overlays}"
    renders.mkdir()
    hand = [str(ROOT / "bench" / "by_hand.sh"), *map(str, options), str(renders), *roots]
    times: dict[str, list[float]] = {"ours": [], "hand": []}
    for _ in range(RUNS):
        times["ours"].append(seconds(ours, folder))
        times["hand"].append(seconds(hand, folder))
    check, script = statistics.median(times["ours"]), statistics.median(times["hand"])
    objects = sum(target["objects"] for target in report["targets"])
    print(f"{overlays:>3} overlays  {len(roots):>3} kustomizations  {objects:>5} objects  ", end="")
    print(
        f"asky-gitops check {check:6.2f} s   by hand {script:6.2f} s   ratio {check / script:.2f}", flush=True
    )


def help_of_check() -> str:
    """Return what `check --help` says."""
    command = [str(Path(sys.executable).parent / "asky-gitops"), "check", "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    os.environ["PATH"] = f"{ROOT / '.tools' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="asky-gitops-bench-") as name:
        by_group(Path(name) / "crds")
        print(f"median of {RUNS} interleaved runs, {os.cpu_count()} processors")
        for count in (2, 50):
            compare(count, Path(name))
