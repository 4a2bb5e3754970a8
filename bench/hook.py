"""`make bench`: the hook of a commit, `asky-gitops check --staged`, first and again, against by hand.

`first` judges every overlay: a file of base/ is staged and nothing is known of it. `again` is the same commit
tried once more, `beside` a commit of a file that no overlay reads. By hand is by_hand.sh over the same
overlays, which has no memory. Runs are interleaved, the median counts.
"""

import os
import shutil
import statistics
import tempfile
from pathlib import Path

from asky_gitops.adapters import bundled
from bench.check import ASKY, MINOR, ROOT, kubernetes_schemas, packed_schemas, repository, run

RUNS = 9
HOOK = [ASKY, "check", "--staged", "--kubernetes-version", MINOR]
BASE = "base/auth/service.yaml"


def git(folder: Path, *arguments: str) -> None:
    run(["git", "-c", "user.name=Asky", "-c", "user.email=asky@example.org", *arguments], folder)


def measure(scratch: Path) -> dict[str, float]:
    """Return the median of each way to judge a commit, in seconds."""
    (folder := scratch / "repository").mkdir()
    git(folder, "init", "--quiet")
    repository(folder, 2)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "generated")
    cache = Path(os.environ["XDG_CACHE_HOME"])
    (renders := scratch / "renders").mkdir()
    options = [bundled.BUNDLED / "policies", scratch / "kubernetes", scratch / "crds", MINOR, renders]
    roots = sorted(path.parent.relative_to(folder) for path in folder.glob("overlays/*/kustomization.yaml"))
    hand = [str(ROOT / "bench" / "by_hand.sh"), *map(str, [*options, *roots])]
    times: dict[str, list[float]] = {"first": [], "again": [], "beside": [], "hand": []}
    for number in range(RUNS):
        git(folder, "reset", "--quiet", "--hard")
        shutil.rmtree(cache, ignore_errors=True)
        (folder / BASE).write_text((folder / BASE).read_text("utf-8") + "# changed\n", "utf-8")
        git(folder, "add", BASE)
        times["first"].append(run(HOOK, folder)[0])
        times["again"].append(run(HOOK, folder)[0])
        git(folder, "commit", "--quiet", "--message", "changed")
        (folder / "README.md").write_text(f"# Asky {number}\n", "utf-8")
        git(folder, "add", "README.md")
        times["beside"].append(run(HOOK, folder)[0])
        times["hand"].append(run(hand, folder)[0])
    return {name: statistics.median(taken) for name, taken in times.items()}


if __name__ == "__main__":
    os.environ["PATH"] = f"{ROOT / '.tools' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="asky-gitops-bench-") as name:
        os.environ["XDG_CACHE_HOME"] = str(Path(name) / "cache")
        packed_schemas(Path(name) / "crds")
        kubernetes_schemas(Path(name) / "kubernetes")
        took = measure(Path(name))
    print(f"the hook, 2 overlays, median of {RUNS} interleaved runs, {os.cpu_count()} processors")
    for way, seconds in took.items():
        against = f"of the first {seconds / took['first']:.2f}   of by hand {seconds / took['hand']:.2f}"
        print(f"  {way:<7} {seconds:6.2f} s   {against}", flush=True)
