"""The wheel's platform tag, from what Go built for."""

from pathlib import Path

from tools.bundle.toolchain import go

# The program is static: it needs no libc, so every Linux from these baselines on can run it.
LINUX = "manylinux_2_17_{0}.manylinux2014_{0}.musllinux_1_1_{0}"
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
TAGS = {
    ("darwin", "amd64"): "macosx_12_0_x86_64",  # Go 1.25 and newer need macOS 12
    ("darwin", "arm64"): "macosx_12_0_arm64",
    ("windows", "amd64"): "win_amd64",
    ("windows", "arm64"): "win_arm64",
} | {("linux", go_name): LINUX.format(machine) for go_name, machine in MACHINES.items()}


def platform_tag(module: Path) -> str:
    """Return the compressed tag set of GOOS and GOARCH; raises SystemExit for one that has no wheel tag."""
    system, machine = go("env", "GOOS", "GOARCH", cwd=module).split()
    try:
        return TAGS[system, machine]
    except KeyError:
        raise SystemExit(f"error: no wheel tag is known for {system}/{machine}") from None
