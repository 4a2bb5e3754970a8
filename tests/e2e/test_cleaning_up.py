"""Nothing of the test cluster outlives whoever started it, however that ended."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.e2e.plane import Plane, wait

PARTS = {"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"}


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name
)
def test_the_cluster_ends_with_the_program_that_runs_it(programs: Path, number: signal.Signals) -> None:
    plane = Plane(programs)
    parts = children(plane.process.pid)
    assert set(parts) == PARTS
    plane.process.send_signal(number)
    plane.process.wait(timeout=30)
    wait("every part is gone", lambda: not [pid for pid in parts.values() if is_alive(pid)], limit=30)
    if number == signal.SIGKILL:
        shutil.rmtree(plane.folder)  # the one end that leaves no time to wipe
    assert not plane.folder.exists()


def test_the_cluster_ends_when_its_standard_input_does(programs: Path) -> None:
    with Plane(programs) as plane:
        parts = children(plane.process.pid)
    assert [pid for pid in parts.values() if is_alive(pid)] == []


def children(parent: int) -> dict[str, int]:
    """Return the programs a process has started: name to process id."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            name = Path(os.readlink(status.parent / "exe")).name
        except OSError:  # it ended while we looked
            continue
        if int(lines["PPid"]) == parent:
            found[name] = int(lines["Pid"])
    return found


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that ended and was not waited for does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
