"""`make bench`, second half: what ten times the objects cost `check`, all rules, hits included."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.policies.test_speed import stack

RUNS = 5
ASKY = str(Path(sys.executable).parent / "asky-gitops")
SERVICES = (50, 500)
"""Six objects each."""


def processor_seconds(folder: Path) -> tuple[float, int]:
    """Check a folder of manifests; return the processor time of all its programs, and how much was found."""
    before = os.times()
    done = subprocess.run(
        [ASKY, "check", ".", "--format", "json", "--fail-on", "never"],
        cwd=folder,
        stdout=subprocess.PIPE,
        check=True,
    )
    after = os.times()
    took = after.children_user + after.children_system - before.children_user - before.children_system
    return took, len(json.loads(done.stdout)["findings"])


def measure(scratch: Path) -> None:
    """Print the median processor time for either number of objects, and the ratio."""
    times: dict[int, list[float]] = {number: [] for number in SERVICES}
    found = {}
    for number in SERVICES:
        folder = scratch / str(number)
        (folder / ".git").mkdir(parents=True)
        items = stack(number, "app%d", "asky")["items"]
        for index, item in enumerate(items):
            (folder / f"{index:05}.json").write_text(json.dumps(item, indent=1), "utf-8")
    for _ in range(RUNS):
        for number in SERVICES:
            took, found[number] = processor_seconds(scratch / str(number))
            times[number].append(took)
    small, large = (statistics.median(times[number]) for number in SERVICES)
    for number, took in zip(SERVICES, (small, large), strict=True):
        print(f"{6 * number:>5} objects  {found[number]:>5} findings  {took:6.2f} s of processor")
    print(f"ratio {large / small:.1f}, wanted at most 12", flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="asky-gitops-scale-") as name:
        measure(Path(name))
